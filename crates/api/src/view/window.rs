//! Pages of lists that are wholly in memory.

use lienthong_app::Error;

/// Which part of a list, as clients say it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WindowRequest<'a> {
    /// How many at most.
    pub(crate) first: usize,
    /// Name of the item after which to go on.
    pub(crate) after: Option<&'a str>,
}

/// So many of a list.
#[derive(Debug)]
pub(crate) struct Window<'a, T> {
    pub(crate) items: Vec<&'a T>,
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
}

impl<'a, T> Window<'a, T> {
    /// The part of `all` that is asked for; `is` tells an item by the name in `after`.
    pub(crate) fn of(all: &[&'a T], request: WindowRequest<'_>, is: impl Fn(&T, &str) -> bool) -> Result<Self, Error> {
        let start = match request.after {
            None => 0,
            Some(name) => all.iter().position(|item| is(item, name)).ok_or(Error::InvalidCursor)? + 1,
        };
        let items: Vec<_> = all.iter().skip(start).take(request.first).copied().collect();
        let has_next = start + items.len() < all.len();
        Ok(Self { items, has_next, has_previous: start > 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_one_another_and_know_their_neighbours() {
        let all = ["a", "b", "c"];
        let all: Vec<&str> = all.to_vec();
        let all: Vec<&&str> = all.iter().collect();
        let window = |first, after| {
            let window = Window::of(&all, WindowRequest { first, after }, |item, name| *item == name)?;
            Ok::<_, Error>((window.items.len(), window.has_previous, window.has_next))
        };
        assert_eq!(window(2, None).unwrap(), (2, false, true));
        assert_eq!(window(2, Some("b")).unwrap(), (1, true, false));
        assert_eq!(window(3, None).unwrap(), (3, false, false));
        assert_eq!(window(3, Some("c")).unwrap(), (0, true, false));
        assert!(matches!(window(3, Some("x")), Err(Error::InvalidCursor)));
    }
}
