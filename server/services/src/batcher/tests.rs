use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;

use super::*;

/// Counts to what it is asked, slowly; some requests spoil the batch they are in.
enum Counting {}

#[derive(Clone, Default)]
struct Book(Arc<Mutex<Vec<Vec<Ask>>>>, Arc<AtomicUsize>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Good(u32),
    /// Fails, whatever it is served with.
    Poison,
    /// The database is away.
    Away,
    Panic,
    /// The connection is dead and nobody has told it.
    Silence,
}

const COMMIT: Duration = Duration::from_millis(20);

impl Merge for Counting {
    type Context = Book;
    type Key = &'static str;
    type Request = Ask;
    type Answer = u32;

    async fn serve(book: &Book, _: &&'static str, asked: &[Ask]) -> Result<Vec<u32>, Unexpected> {
        let running = book.1.fetch_add(1, Ordering::SeqCst) + 1;
        assert!(running <= WRITERS, "{running} writers at once");
        book.0.lock().unwrap().push(asked.to_vec());
        tokio::time::sleep(COMMIT).await;
        if asked.contains(&Ask::Silence) {
            book.1.fetch_sub(1, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
        book.1.fetch_sub(1, Ordering::SeqCst);
        asked
            .iter()
            .map(|ask| match ask {
                Ask::Good(number) => Ok(*number),
                Ask::Poison => Err(Unexpected::new("poison", "poison")),
                Ask::Away => Err(Unexpected::busy(7)),
                Ask::Panic => panic!("as asked"),
                Ask::Silence => Err(Unexpected::new("silence", "not reached")),
            })
            .collect()
    }
}

async fn ask(batcher: &Batcher<Counting>, book: &Book, asked: Vec<Ask>) -> Vec<Option<u32>> {
    let each = asked
        .into_iter()
        .map(|ask| batcher.submit(book, "hot", ask));
    join_all(each).await.into_iter().map(Result::ok).collect()
}

fn sizes(book: &Book) -> Vec<usize> {
    book.0.lock().unwrap().iter().map(Vec::len).collect()
}

#[tokio::test]
async fn whoever_comes_while_one_commits_is_served_together() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let asked: Vec<_> = (0..1200).map(Ask::Good).collect();
    let answers = ask(&batcher, &book, asked).await;
    assert_eq!(answers, (0..1200).map(Some).collect::<Vec<_>>());
    let sizes = sizes(&book);
    assert_eq!(sizes.iter().sum::<usize>(), 1200);
    assert!(
        sizes.iter().all(|size| *size <= LARGEST) && sizes.len() <= 5,
        "{sizes:?}"
    );
    assert!(batcher.lanes().is_empty(), "a lane without work goes");
}

#[tokio::test]
async fn alone_means_at_once() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let began = Instant::now();
    assert_eq!(batcher.submit(&book, "hot", Ask::Good(3)).await.unwrap(), 3);
    assert!(began.elapsed() < COMMIT * 3, "it waited for others");
}

#[tokio::test]
async fn a_poisoned_request_harms_nobody_else() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let answers = ask(
        &batcher,
        &book,
        vec![
            Ask::Good(1),
            Ask::Good(2),
            Ask::Good(3),
            Ask::Poison,
            Ask::Good(5),
        ],
    )
    .await;
    assert_eq!(answers, [Some(1), Some(2), Some(3), None, Some(5)]);
}

#[tokio::test]
async fn a_database_that_is_away_is_not_asked_once_more_for_each() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let answers = ask(&batcher, &book, vec![Ask::Away; 600]).await;
    assert!(answers.iter().all(Option::is_none));
    assert!(sizes(&book).len() <= 5);
}

#[tokio::test]
async fn a_full_queue_and_a_long_wait_are_answered_early() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let waiting = |since| Waiting::<Counting> {
        number: 0,
        request: Ask::Good(0),
        since,
        answer: oneshot::channel().0,
    };
    for _ in 0..LONGEST {
        batcher.queue(&"hot", waiting(Instant::now())).unwrap();
    }
    let refused = batcher.queue(&"hot", waiting(Instant::now())).unwrap_err();
    // A millisecond each, until something better is known.
    assert_eq!(refused.retry_after, Some(5));
    assert!(batcher.queue(&"calm", waiting(Instant::now())).unwrap().1);

    let batcher = Batcher::<Counting>::default();
    let (answer, answered) = oneshot::channel();
    let old = Waiting {
        number: 0,
        request: Ask::Good(0),
        since: Instant::now().checked_sub(PATIENCE * 2).unwrap(),
        answer,
    };
    batcher.queue(&"hot", old).unwrap();
    batcher.write(&book, "hot").await;
    assert!(answered.await.unwrap().unwrap_err().retry_after.is_some());
    assert!(sizes(&book).is_empty(), "nobody waits for it any more");
}

#[tokio::test]
async fn whoever_has_gone_is_not_served() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let gone = Waiting {
        number: 0,
        request: Ask::Good(1),
        since: Instant::now(),
        answer: oneshot::channel().0,
    };
    batcher.queue(&"hot", gone).unwrap();
    batcher.write(&book, "hot").await;
    assert!(sizes(&book).is_empty());
}

#[tokio::test]
async fn a_panic_harms_nobody_else() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let alone = batcher.submit(&book, "hot", Ask::Panic).await;
    assert_eq!(alone.unwrap_err().retry_after, None);
    let asked = vec![Ask::Good(1), Ask::Good(2), Ask::Panic, Ask::Good(4)];
    let answers = ask(&batcher, &book, asked).await;
    assert_eq!(answers, [Some(1), Some(2), None, Some(4)]);
    assert!(batcher.lanes().is_empty(), "the lane goes as any other");
}

/// Behind writers that hear nothing from the database, nobody waits until these give up.
#[tokio::test]
async fn who_stands_behind_two_dead_connections_is_told_in_time() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let behind = async {
        tokio::time::sleep(COMMIT * 3).await;
        let began = Instant::now();
        let error = batcher
            .submit(&book, "hot", Ask::Good(1))
            .await
            .unwrap_err();
        (error.retry_after, began.elapsed())
    };
    let (one, other, (wait, took)) = tokio::join!(
        batcher.submit(&book, "hot", Ask::Silence),
        async {
            tokio::time::sleep(COMMIT).await;
            batcher.submit(&book, "hot", Ask::Silence).await
        },
        behind,
    );
    assert!(one.is_err() && other.is_err());
    assert!(wait.is_some());
    assert!(took < PATIENCE + COMMIT * 20, "{took:?}");
    assert_eq!(batcher.submit(&book, "hot", Ask::Good(3)).await.unwrap(), 3);
}

#[tokio::test]
async fn a_dead_connection_keeps_nobody_for_ever() {
    let (batcher, book) = (Batcher::<Counting>::default(), Book::default());
    let began = Instant::now();
    let error = batcher
        .submit(&book, "hot", Ask::Silence)
        .await
        .unwrap_err();
    assert_eq!(error.retry_after, Some(2));
    assert!(began.elapsed() < DEADLINE * 2);
    assert_eq!(batcher.submit(&book, "hot", Ask::Good(3)).await.unwrap(), 3);
}
