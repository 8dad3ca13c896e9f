//! Readable keys that are unique on the instance, whatever the order of the rows.

use std::collections::{HashMap, HashSet};

use lienthong_domain::slug::{Slug, numbered, slugify};

/// Gives out slugs. Every claimant lists its wishes from the shortest to the most precise; a wish that several have,
/// or that is taken, is nobody's, so that none is favoured and the result does not depend on the order.
#[derive(Debug, Default)]
pub(super) struct Slugs {
    taken: HashSet<String>,
    claims: HashMap<String, usize>,
}

impl Slugs {
    /// Slugs of what is already there.
    pub(super) fn taken(slugs: impl IntoIterator<Item = String>) -> Self {
        Self { taken: slugs.into_iter().collect(), claims: HashMap::new() }
    }

    /// Registers the wishes of one claimant. All claims come before the first [`Slugs::give`].
    pub(super) fn claim(&mut self, wishes: &[String]) {
        for wish in distinct(wishes) {
            *self.claims.entry(wish.as_str().to_owned()).or_default() += 1;
        }
    }

    /// The slug of one claimant: its first wish that nobody else has, else the last one, numbered when it is taken.
    /// `None` when no wish has a letter or digit.
    pub(super) fn give(&mut self, wishes: &[String]) -> Option<Slug> {
        let wishes = distinct(wishes);
        let alone = |wish: &&Slug| self.claims.get(wish.as_str()).is_none_or(|claims| *claims < 2);
        let free = |wish: &&Slug| !self.taken.contains(wish.as_str());
        let slug = match wishes.iter().find(|wish| alone(wish) && free(wish)) {
            Some(wish) => wish.clone(),
            None => self.next_number(wishes.last()?),
        };
        self.taken.insert(slug.as_str().to_owned());
        Some(slug)
    }

    fn next_number(&self, base: &Slug) -> Slug {
        let mut number = 1;
        let mut slug = base.clone();
        while self.taken.contains(slug.as_str()) {
            number += 1;
            slug = numbered(base, number);
        }
        slug
    }
}

fn distinct(wishes: &[String]) -> Vec<Slug> {
    let mut slugs: Vec<Slug> = wishes.iter().filter_map(|wish| slugify(wish)).collect();
    slugs.dedup();
    slugs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn given(claimants: &[&[&str]], taken: &[&str]) -> Vec<String> {
        let mut slugs = Slugs::taken(wishes(taken));
        let claimants: Vec<_> = claimants.iter().map(|words| wishes(words)).collect();
        for wishes in &claimants {
            slugs.claim(wishes);
        }
        claimants.iter().filter_map(|wishes| slugs.give(wishes)).map(String::from).collect()
    }

    #[test]
    fn a_slug_that_two_want_goes_to_neither() {
        let to = ["Xã Ba Tơ", "Xã Ba Tơ Quảng Ngãi", "Xã Ba Tơ 21484"];
        let too = ["Xã Ba Tô", "Xã Ba Tô Quảng Ngãi", "Xã Ba Tô 21523"];
        let elsewhere = ["Xã Tân Thành", "Xã Tân Thành Cà Mau", "Xã Tân Thành 31996"];
        let south = ["Xã Tân Thành", "Xã Tân Thành Đồng Tháp", "Xã Tân Thành 30148"];
        assert_eq!(
            given(&[&to, &too, &elsewhere, &south, &["Xã Nghi Xuân"]], &[]),
            ["xa-ba-to-21484", "xa-ba-to-21523", "xa-tan-thanh-ca-mau", "xa-tan-thanh-dong-thap", "xa-nghi-xuan"]
        );
    }

    #[test]
    fn what_is_taken_stays_and_the_last_wish_gets_a_number() {
        assert_eq!(given(&[&["Xã A", "Xã A 1"]], &["xa-a"]), ["xa-a-1"]);
        assert_eq!(given(&[&["Xã A"], &["Xã A"], &["–"]], &["xa-a"]), ["xa-a-2", "xa-a-3"]);
    }
}
