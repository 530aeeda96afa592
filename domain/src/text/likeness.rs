//! How well a name fits what somebody typed who heard it over the noise of a queue: beginnings first, then what one slip of
//! the finger makes of it, or two in a long word.

use super::search_key;

/// From so many letters on, a word forgives one slip; from more, two.
const ONE_SLIP: usize = 3;
const TWO_SLIPS: usize = 7;
/// A word this short has to be there as a whole to be forgiven anything: its beginnings are everywhere.
const WHOLE: usize = 3;

/// The words that are looked for.
pub struct Wanted {
    words: Vec<Word>,
    room: Room,
}

struct Word {
    text: String,
    signs: Vec<char>,
    letters: u64,
    slips: usize,
}

/// Memory that is used again for every name.
#[derive(Default)]
struct Room {
    part: Vec<char>,
    rows: [Vec<usize>; 3],
}

impl Wanted {
    /// `None` when too little was typed to look for anything.
    pub fn of(typed: &str) -> Option<Self> {
        let key = search_key(typed);
        if key.chars().count() < 2 {
            return None;
        }
        let words = key
            .split_whitespace()
            .map(|text| {
                let signs: Vec<char> = text.chars().collect();
                Word {
                    text: text.to_owned(),
                    letters: letters(&signs),
                    slips: match signs.len() {
                        0..ONE_SLIP => 0,
                        ONE_SLIP..TWO_SLIPS => 1,
                        _ => 2,
                    },
                    signs,
                }
            })
            .collect();
        Some(Self {
            words,
            room: Room::default(),
        })
    }

    /// Whether a name, folded by [`search_key`], has a beginning for each word, and how good they are: 0 for whole words.
    pub fn begins(&self, key: &str) -> Option<u32> {
        let each = self.words.iter().map(|word| {
            let parts = key.split_whitespace();
            let fits = parts.filter(|part| part.starts_with(word.text.as_str()));
            fits.map(|part| u32::from(part.len() != word.text.len()))
                .min()
        });
        each.sum()
    }

    /// The same with slips forgiven. Less is better; anything that [`Self::begins`] finds is better than any slip.
    pub fn resembles(&mut self, key: &str) -> Option<u32> {
        let room = &mut self.room;
        let each = self.words.iter().map(|word| {
            let parts = key.split_whitespace();
            parts.filter_map(|part| word.likeness(part, room)).min()
        });
        each.sum()
    }
}

impl Word {
    /// 0: the same; 1: its beginning; from 16 on: with slips.
    fn likeness(&self, part: &str, room: &mut Room) -> Option<u32> {
        if part.starts_with(self.text.as_str()) {
            return Some(u32::from(part.len() != self.text.len()));
        }
        if self.slips == 0 {
            return None;
        }
        room.part.clear();
        room.part.extend(part.chars());
        // Each slip brings one letter that is not there, at most.
        let strange = (self.letters & !letters(&room.part)).count_ones();
        if usize::try_from(strange).is_ok_and(|strange| strange > self.slips) {
            return None;
        }
        let (whole, beginning) = room.slips(&self.signs, self.slips);
        let beginning = beginning.filter(|_| self.signs.len() > WHOLE);
        // People hardly ever get the first letter wrong.
        let first = u32::from(room.part.first() != self.signs.first());
        let rank = |slips: Option<usize>, cut: u32| {
            let slips = u32::try_from(slips?).ok()?;
            Some(slips * 16 + cut * 4 + first)
        };
        [rank(whole, 0), rank(beginning, 1)]
            .into_iter()
            .flatten()
            .min()
    }
}

impl Room {
    /// How many slips (a letter too many, too few, another one, two neighbours swapped) lead from the word to the part, and
    /// to its best beginning; none where it takes more than `most`.
    fn slips(&mut self, word: &[char], most: usize) -> (Option<usize>, Option<usize>) {
        let Self { part, rows } = self;
        let [before, last, now] = rows;
        last.clear();
        last.extend(0..=word.len());
        let mut best = last.last().copied().unwrap_or(usize::MAX);
        let mut previous = None;
        // What is longer than that is too far away in any case.
        let end = word.len().saturating_add(most);
        for (at, sign) in part.iter().enumerate().take(end) {
            now.clear();
            now.push(at.saturating_add(1));
            let mut least = usize::MAX;
            for (place, wanted) in word.iter().enumerate() {
                let cell =
                    |row: &Vec<usize>, place: usize| row.get(place).copied().unwrap_or(usize::MAX);
                let kept = cell(last, place).saturating_add(usize::from(sign != wanted));
                let more = cell(last, place + 1).saturating_add(1);
                let less = cell(now, place).saturating_add(1);
                let mut slips = kept.min(more).min(less);
                let left = place.checked_sub(1).and_then(|left| word.get(left));
                if place > 0 && left == Some(sign) && previous == Some(wanted) {
                    slips = slips.min(cell(before, place - 1).saturating_add(1));
                }
                least = least.min(slips);
                now.push(slips);
            }
            best = best.min(now.last().copied().unwrap_or(usize::MAX));
            std::mem::swap(before, last);
            std::mem::swap(last, now);
            previous = Some(sign);
            if least > most && before.iter().all(|slips| *slips > most) {
                break;
            }
        }
        let whole = (part.len() <= end)
            .then(|| last.last().copied())
            .flatten()
            .filter(|slips| *slips <= most);
        (whole, Some(best).filter(|slips| *slips <= most))
    }
}

/// Which letters there are, in 64 drawers.
fn letters(signs: &[char]) -> u64 {
    signs
        .iter()
        .fold(0, |all, sign| all | 1 << (u32::from(*sign) % 64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rank(typed: &str, name: &str) -> Option<u32> {
        Wanted::of(typed)?.resembles(&search_key(name))
    }

    #[test]
    fn in_the_order_of_likelihood() {
        let order = ["novak", "nova", "novka", "novaky", "movak", "nvk"];
        let ranks = order.map(|typed| rank(typed, "Ana Novák"));
        assert_eq!(ranks[0], Some(0));
        assert_eq!(ranks[5], None);
        let found: Vec<u32> = ranks.into_iter().flatten().collect();
        assert!(found.is_sorted() && found.len() == 5, "{found:?}");
    }

    #[test]
    fn accents_and_slips_together() {
        for (typed, name) in [
            ("gutierez", "José Gutiérrez"),
            ("Schmitd", "Jörg Schmidt"),
            ("zupancc", "Županc"),
            ("jovanovci", "Jovanović"),
            ("wisniewki", "Wiśniewski"),
            ("محمود", "محمد"),
            ("ana jovanovc", "Ana Jovanović"),
        ] {
            assert!(rank(typed, name).is_some(), "{typed} {name}");
        }
        for (typed, name) in [
            ("an", "On"),
            ("bor", "Nor Borman"),
            ("ana novak", "Ana Kos"),
        ] {
            let found = rank(typed, name);
            assert!(
                found.is_none_or(|rank| typed == "bor" && rank < 16),
                "{typed} {name} {found:?}"
            );
        }
    }

    #[derive(Clone, Debug)]
    enum Slip {
        Lost,
        Added(char),
        Other(char),
        Swapped,
    }

    fn slip() -> impl Strategy<Value = Slip> {
        let letter = || prop::char::range('a', 'z');
        prop_oneof![
            Just(Slip::Lost),
            letter().prop_map(Slip::Added),
            letter().prop_map(Slip::Other),
            Just(Slip::Swapped),
        ]
    }

    fn slipped(name: &str, at: prop::sample::Index, slip: &Slip) -> String {
        let mut signs: Vec<char> = name.chars().collect();
        let place = at.index(signs.len() - 1);
        match slip {
            Slip::Lost => drop(signs.remove(place)),
            Slip::Added(letter) => signs.insert(place, *letter),
            Slip::Other(letter) => signs[place] = *letter,
            Slip::Swapped => signs.swap(place, place + 1),
        }
        signs.into_iter().collect()
    }

    proptest! {
        #[test]
        fn one_slip_is_forgiven(name in "[a-z]{5,12}", at: prop::sample::Index, slip in slip()) {
            let typed = slipped(&name, at, &slip);
            prop_assert!(rank(&typed, &name).is_some(), "{typed}");
        }

        #[test]
        fn two_are_in_long_words(
            name in "[a-z]{9,14}", one: prop::sample::Index, other: prop::sample::Index, a in slip(), b in slip(),
        ) {
            // Slips that meet may count as more than two.
            prop_assume!(one.index(name.len() - 1).abs_diff(other.index(name.len() - 1)) > 3);
            let typed = slipped(&slipped(&name, one, &a), other, &b);
            prop_assert!(rank(&typed, &name).is_some(), "{typed}");
        }

        #[test]
        fn the_same_from_either_side_and_beginnings_are_best(one in "[a-d]{3,8}", other in "[a-d]{3,8}") {
            let (there, back) = (whole(&one, &other), whole(&other, &one));
            prop_assert_eq!(there, back);
            if other.starts_with(&one) {
                prop_assert!(rank(&one, &other) <= Some(1));
            } else {
                prop_assert!(rank(&one, &other).is_none_or(|rank| rank >= 16));
            }
        }
    }

    /// Slips between whole words, however many.
    fn whole(word: &str, part: &str) -> Option<usize> {
        let mut room = Room {
            part: part.chars().collect(),
            ..Room::default()
        };
        let word: Vec<char> = word.chars().collect();
        room.slips(&word, 20).0
    }

    /// A figure more than a test: far from what a person notices, also on a machine that is busy.
    #[test]
    fn fifty_thousand_names_take_no_time() {
        let syllables = [
            "an", "bo", "ci", "do", "ek", "fa", "go", "hi", "jan", "ko", "lu", "ma", "no", "pe",
            "ro", "sch",
        ];
        let name = |number: usize| -> String {
            let word = |mut of: usize| -> String {
                let mut word = String::new();
                for _ in 0..3 {
                    word.push_str(syllables[of % syllables.len()]);
                    of /= syllables.len();
                }
                word
            };
            search_key(&format!(
                "{} {}",
                word(number * 7919),
                word(number * 104_729 + 13)
            ))
        };
        let names: Vec<String> = (0..50_000).map(name).collect();
        for typed in ["anboci", "jankolu schma", "qqqqqqqqq", "an", "fagohiko"] {
            let mut wanted = Wanted::of(typed).unwrap();
            let begun = std::time::Instant::now();
            let found = names
                .iter()
                .filter(|name| wanted.resembles(name).is_some())
                .count();
            let took = begun.elapsed();
            println!("figure: 50,000 names for {typed:?}: {found} found in {took:.1?}");
            assert!(took < std::time::Duration::from_millis(500), "{took:?}");
        }
    }
}
