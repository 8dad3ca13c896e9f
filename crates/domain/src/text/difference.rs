//! What has changed between two texts, readable: paragraph by paragraph, and word by word within a changed paragraph.

use similar::{ChangeTag, DiffOp, TextDiff};

/// A piece of a text that was compared with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the earlier text.
    Removed(String),
    /// Only in the later text.
    Added(String),
}

/// Lines of both texts beyond which they are not compared line by line: that takes the product of their numbers.
const MOST_LINES: usize = 4_000;

/// Words of two paragraphs beyond which they are not compared word by word.
const MOST_WORDS: usize = 2_000;

/// The pieces that both texts are made of, in order. Nothing is lost: what is same and removed is the earlier text, what is
/// same and added the later one.
pub fn difference(before: &str, after: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    if before.lines().count() + after.lines().count() > MOST_LINES {
        pieces.replace(before, after);
        return pieces.0;
    }
    let lines = TextDiff::from_lines(before, after);
    let joined = |slices: &[&str]| slices.concat();
    for op in lines.ops() {
        let old = joined(lines.old_slices().get(op.old_range()).unwrap_or_default());
        let new = joined(lines.new_slices().get(op.new_range()).unwrap_or_default());
        match op {
            DiffOp::Equal { .. } => pieces.push(Piece::Same(old)),
            _ => pieces.replace(&old, &new),
        }
    }
    pieces.0
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    /// Word by word, where that is worth it.
    fn replace(&mut self, before: &str, after: &str) {
        if before.split_whitespace().count() + after.split_whitespace().count() > MOST_WORDS {
            self.push(Piece::Removed(before.to_owned()));
            self.push(Piece::Added(after.to_owned()));
            return;
        }
        for change in TextDiff::from_words(before, after).iter_all_changes() {
            let text = change.value().to_owned();
            self.push(match change.tag() {
                ChangeTag::Equal => Piece::Same(text),
                ChangeTag::Delete => Piece::Removed(text),
                ChangeTag::Insert => Piece::Added(text),
            });
        }
    }

    /// Neighbours of one kind are one piece.
    fn push(&mut self, piece: Piece) {
        match (self.0.last_mut(), piece) {
            (Some(Piece::Same(text)), Piece::Same(more))
            | (Some(Piece::Removed(text)), Piece::Removed(more))
            | (Some(Piece::Added(text)), Piece::Added(more)) => text.push_str(&more),
            (_, Piece::Same(text) | Piece::Removed(text) | Piece::Added(text)) if text.is_empty() => {}
            (_, piece) => self.0.push(piece),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(text: &str) -> Piece {
        Piece::Same(text.to_owned())
    }

    #[test]
    fn a_changed_word_stands_out_of_its_paragraph() {
        let pieces = difference("Họp ngày 05/7.\nMời dự.\n", "Họp ngày 06/7.\nMời dự.\n");
        let expected = [
            same("Họp ngày "),
            Piece::Removed("05/7.".to_owned()),
            Piece::Added("06/7.".to_owned()),
            same("\nMời dự.\n"),
        ];
        assert_eq!(pieces, expected);
        assert_eq!(difference("như nhau", "như nhau"), [same("như nhau")]);
        assert_eq!(difference("", ""), []);
    }

    #[test]
    fn huge_texts_are_compared_within_bounds() {
        let [before, after] = ["a\n", "b\n"].map(|line| line.repeat(500_000));
        assert_eq!(difference(&before, &after).len(), 2);
        let [before, after] = ["a ", "b "].map(|word| word.repeat(500_000));
        assert_eq!(difference(&before, &after).len(), 2);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_off_the_pieces(before in "([a-c]{1,2}[ \n]){0,30}", after in "([a-c]{1,2}[ \n]){0,30}") {
            let pieces = difference(&before, &after);
            let read = |later: bool| -> String {
                pieces.iter().map(|piece| match piece {
                    Piece::Same(text) => text.as_str(),
                    Piece::Removed(text) if !later => text,
                    Piece::Added(text) if later => text,
                    _ => "",
                }).collect()
            };
            prop_assert_eq!(read(false), before);
            prop_assert_eq!(read(true), after);
        }
    }
}
