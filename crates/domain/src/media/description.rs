//! What is said of a file.

use crate::article::{Check, FieldError, MAX_LINE};
use crate::poison::Where;

/// What is said of a file, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    /// What the image shows, for those who do not see it.
    pub alt: Option<String>,
    /// Caption.
    pub caption: Option<String>,
    /// Photographer or source.
    pub credit: Option<String>,
}

/// The same before any check. Blank is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DescriptionInput {
    /// See [`Description::alt`].
    pub alt: Option<String>,
    /// See [`Description::caption`].
    pub caption: Option<String>,
    /// See [`Description::credit`].
    pub credit: Option<String>,
}

impl Description {
    /// Checks every field.
    ///
    /// # Errors
    /// All fields longer than [`MAX_LINE`] characters, and those that read like injected advertising.
    pub fn check(input: DescriptionInput) -> Result<Self, Vec<FieldError>> {
        let DescriptionInput { alt, caption, credit } = input;
        let mut check = Check::default();
        let mut line = |field, text: Option<String>| {
            text.map(|text| check.line(field, &text, MAX_LINE)).filter(|line| !line.is_empty())
        };
        let (alt, caption, credit) = (line("alt", alt), line("caption", caption), line("credit", credit));
        for (field, text) in [("alt", &alt), ("caption", &caption), ("credit", &credit)] {
            check.honest(field, Where::Title, text.as_deref().unwrap_or_default());
        }
        check.finish()?;
        Ok(Self { alt, caption, credit })
    }
}
