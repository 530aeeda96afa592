//! Reads `columns.txt`.

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// About a person; given to them, and gone with their account.
    Person,
    /// The same, but tax law asks to keep it.
    Law,
    /// Opens something, or stands for a person without naming them.
    Secret,
    /// About organizations, events and the machine.
    Other,
}

impl Class {
    /// Whether it goes into what a person can take away.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Person | Self::Law)
    }
}

/// Every column as (table, column, class). Lines that cannot be read are left out, which the test against the schema
/// notices.
pub fn classes() -> impl Iterator<Item = (&'static str, &'static str, Class)> {
    include_str!("columns.txt")
        .lines()
        .filter_map(|line| {
            let (head, columns) = line.split_once(": ")?;
            let (table, class) = head.split_once(' ')?;
            let class = match class {
                "person" => Class::Person,
                "law" => Class::Law,
                "secret" => Class::Secret,
                "other" => Class::Other,
                _ => return None,
            };
            Some((table, class, columns))
        })
        .flat_map(|(table, class, columns)| {
            columns
                .split_whitespace()
                .map(move |column| (table, column, class))
        })
}
