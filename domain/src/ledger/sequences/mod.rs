//! Long histories against an oracle that knows no accounts: it only counts who has paid and who has received what.

mod back;
mod disputes;
mod history;
mod house;
mod oracle;

use history::History;
use oracle::Oracle;

use crate::money::Currency;

const SEQUENCES: u64 = 10_000;
const STEPS: u64 = 20;

#[test]
fn ten_thousand_histories_agree_with_the_oracle() {
    let (mut as_shown, mut outdated) = (0, 0);
    for number in 0..SEQUENCES {
        let currency =
            [Currency::JPY, Currency::EUR, Currency::KWD][usize::try_from(number % 3).unwrap()];
        let mut history = History::new(number, currency);
        for step in 0..STEPS {
            history.step();
            assert_eq!(
                Oracle::of(&history.books, currency),
                history.truth,
                "history {number} after step {step}"
            );
        }
        as_shown += history.as_shown;
        outdated += history.outdated;
    }
    assert!(
        as_shown > SEQUENCES && outdated > SEQUENCES / 100,
        "histories of another kind: {as_shown} previews came true, {outdated} were outdated"
    );
}
