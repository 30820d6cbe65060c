//! A list of a handful of values that needs no heap while it stays short.
//!
//! Promises the behaviour of a slice, whatever the length; the first `N` values lie in the list itself, and a longer list
//! moves to the heap as a whole.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// Holds a few values in place, and more than `N` on the heap.
#[derive(Clone)]
pub struct Few<T, const N: usize>(Form<T, N>);

#[derive(Clone)]
enum Form<T, const N: usize> {
    Empty,
    /// The first `len` of the items count; the rest are copies of the first one.
    Here {
        items: [T; N],
        len: usize,
    },
    Heap(Vec<T>),
}

impl<T: Copy, const N: usize> Few<T, N> {
    /// Makes an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Form::Empty)
    }

    /// Makes a list of `len` times the same value.
    #[must_use]
    pub fn filled(value: T, len: usize) -> Self {
        match len {
            0 => Self::new(),
            1.. if len <= N => Self(Form::Here { items: [value; N], len }),
            1.. => Self(Form::Heap(vec![value; len])),
        }
    }

    /// Appends a value.
    pub fn push(&mut self, value: T) {
        match &mut self.0 {
            Form::Empty => *self = Self::filled(value, 1),
            Form::Here { items, len } => match items.get_mut(*len) {
                Some(free) => {
                    *free = value;
                    *len = len.saturating_add(1);
                }
                None => {
                    let mut all = Vec::with_capacity(N.saturating_mul(2).max(1));
                    all.extend_from_slice(items);
                    all.push(value);
                    self.0 = Form::Heap(all);
                }
            },
            Form::Heap(all) => all.push(value),
        }
    }
}

impl<T, const N: usize> Deref for Few<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.0 {
            Form::Empty => &[],
            Form::Here { items, len } => items.get(..*len).unwrap_or(items),
            Form::Heap(all) => all,
        }
    }
}

impl<T, const N: usize> DerefMut for Few<T, N> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Form::Empty => &mut [],
            Form::Here { items, len } => {
                let end = (*len).min(N);
                items.get_mut(..end).unwrap_or_default()
            }
            Form::Heap(all) => all,
        }
    }
}

impl<T: Copy, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy, const N: usize> Extend<T> for Few<T, N> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        for value in values {
            self.push(value);
        }
    }
}

impl<T: Copy, const N: usize> FromIterator<T> for Few<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut few = Self::new();
        few.extend(values);
        few
    }
}

impl<'a, T, const N: usize> IntoIterator for &'a Few<T, N> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq, const N: usize, const M: usize> PartialEq<Few<T, M>> for Few<T, N> {
    fn eq(&self, other: &Few<T, M>) -> bool {
        **self == **other
    }
}

impl<T: Eq, const N: usize> Eq for Few<T, N> {}

impl<T: PartialEq, const N: usize, const M: usize> PartialEq<[T; M]> for Few<T, N> {
    fn eq(&self, other: &[T; M]) -> bool {
        **self == *other
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for Few<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_of_a_few_holds_what_a_vector_holds(values in prop::collection::vec(any::<i64>(), 0..12)) {
            let mut few: Few<i64, 4> = values.iter().copied().collect();
            let mut expected = values.clone();

            prop_assert_eq!(&*few, expected.as_slice());
            if let (Some(last), Some(same)) = (few.last_mut(), expected.last_mut()) {
                *last = 7;
                *same = 7;
            }
            few.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(&*few, expected.as_slice());
            prop_assert_eq!(few.clone(), few);
        }

        #[test]
        fn a_filled_list_has_its_length(len in 0..12_usize) {
            prop_assert_eq!(Few::<i64, 4>::filled(3, len).to_vec(), vec![3; len]);
        }
    }

    #[test]
    fn lists_of_other_lengths_or_values_differ() {
        let few: Few<i64, 2> = [1, 2].into_iter().collect();
        assert_eq!(few, [1, 2]);
        assert_ne!(few, [1, 2, 3]);
        assert_ne!(few, Few::<i64, 2>::filled(1, 2));
        assert_eq!(format!("{few:?}"), "[1, 2]");
    }
}
