//! Against a Redis of their own, which gets killed, held up and fed with nonsense.

#![cfg(unix)]

use std::time::Instant;

use futures::future::join_all;
use redis::{AsyncCommands as _, aio::MultiplexedConnection};
use testkit::RedisServer;

use super::*;

/// So long that a busy machine does not look like a Redis that is away.
const PATIENT: Duration = Duration::from_secs(5);

async fn connected(server: &RedisServer) -> RedisCache {
    let cache = RedisCache::new(&server.url(), PATIENT).unwrap();
    assert!(cache.connect().await);
    cache
}

async fn client(server: &RedisServer) -> MultiplexedConnection {
    let client = redis::Client::open(server.url()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn tries(cache: &RedisCache, key: &str) -> u32 {
    cache.count(key, 60).await.tries
}

#[tokio::test]
async fn tries_at_the_same_time_in_two_processes_are_each_counted() {
    let server = RedisServer::start();
    let (one, other) = (connected(&server).await, connected(&server).await);
    let counted = join_all((0..100).map(|number| {
        let cache = if number % 2 == 0 { &one } else { &other };
        cache.count("guess", 60)
    }))
    .await;
    let passed = counted.iter().filter(|counted| counted.tries <= 8).count();
    assert_eq!(passed, 8);
    assert!(counted.iter().all(|counted| counted.seconds_left == 60));
    one.forget("guess").await;
    assert_eq!(tries(&one, "guess").await, 1);
}

#[tokio::test]
async fn a_count_in_redis_ends_with_its_span() {
    let server = RedisServer::start();
    let cache = connected(&server).await;
    cache.count("guess", 1).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(cache.count("guess", 1).await.tries, 2);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(cache.count("guess", 1).await.tries, 1);
}

#[tokio::test]
async fn a_pace_is_one_for_two_processes() {
    let server = RedisServer::start();
    let (one, other) = (connected(&server).await, connected(&server).await);
    for cache in [&one, &other, &one] {
        assert_eq!(cache.pace("10.0.0.1", 2, 3).await, Ok(()));
    }
    assert_eq!(other.pace("10.0.0.1", 2, 3).await, Err(1));
    assert_eq!(other.pace("10.0.0.2", 2, 3).await, Ok(()));
    tokio::time::sleep(Duration::from_millis(550)).await;
    assert_eq!(one.pace("10.0.0.1", 2, 3).await, Ok(()));
    assert_eq!(other.pace("10.0.0.1", 2, 3).await, Err(1));
    // What is kept about an address ends by itself, soon after it has fallen silent.
    let left: i64 = client(&server).await.pttl("bilten|10.0.0.1").await.unwrap();
    assert!((1..=1500).contains(&left), "{left}");
}

#[tokio::test]
async fn without_redis_a_process_counts_by_itself_and_with_it_again_for_all() {
    let mut server = RedisServer::start();
    let (one, other) = (connected(&server).await, connected(&server).await);
    assert_eq!(tries(&one, "guess").await, 1);
    assert_eq!(tries(&other, "guess").await, 2);
    server.kill();
    let start = Instant::now();
    // What this process has counted before still counts.
    for expected in 2..=100 {
        assert_eq!(tries(&one, "guess").await, expected);
        assert_eq!(one.pace("10.0.0.1", 1, 1).await, Ok(()));
    }
    assert!(start.elapsed() < Duration::from_millis(500));
    assert!(!one.connect().await);

    server.start_again();
    let together = async {
        for number in 0.. {
            let key = format!("guess {number}");
            if tries(&one, &key).await + tries(&other, &key).await > 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENT, together).await.unwrap();
}

#[tokio::test]
async fn a_redis_that_does_not_answer_holds_nobody_up_for_long() {
    let server = RedisServer::start();
    let cache = RedisCache::new(&server.url(), Duration::from_millis(100)).unwrap();
    while !cache.connect().await {}
    let mut pause = redis::cmd("CLIENT");
    pause.arg("PAUSE").arg(60_000).arg("ALL");
    pause.exec_async(&mut client(&server).await).await.unwrap();
    let start = Instant::now();
    for expected in 1..=100 {
        assert_eq!(tries(&cache, "guess").await, expected);
    }
    // The first one waited; the others saw that it had been in vain.
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(100) && took < Duration::from_secs(1));
}

#[tokio::test]
async fn nonsense_is_not_believed() {
    let server = RedisServer::start();
    let cache = connected(&server).await;
    let mut redis = client(&server).await;
    for nonsense in ["words", "-5", "99999999999999"] {
        let _: () = redis.set("bilten|guess", nonsense).await.unwrap();
        assert_eq!(tries(&cache, "guess").await, 1, "{nonsense}");
        cache.forget("guess").await;
        assert!(cache.connect().await);
    }
    for (nonsense, wait) in [("words", Ok(())), ("99999999999999999", Err(1))] {
        let _: () = redis.set("bilten|10.0.0.1", nonsense).await.unwrap();
        assert_eq!(cache.pace("10.0.0.1", 1, 1).await, wait, "{nonsense}");
        assert!(cache.connect().await);
    }
    // A count without an end gets one.
    let _: () = redis.set("bilten|guess", 1).await.unwrap();
    assert_eq!(tries(&cache, "guess").await, 2);
    let left: i64 = redis.ttl("bilten|guess").await.unwrap();
    assert!((1..=60).contains(&left), "{left}");
}

#[tokio::test]
async fn what_is_no_redis_at_all_is_never_asked() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let cache = RedisCache::new(&url, PATIENT).unwrap();
    assert!(!cache.connect().await);
    assert_eq!(tries(&cache, "guess").await, 1);
    assert_eq!(tries(&cache, "guess").await, 2);
}

#[tokio::test]
async fn a_password_is_used_and_a_wrong_one_does_no_harm() {
    let server = RedisServer::start();
    let mut set = redis::cmd("CONFIG");
    set.arg("SET").arg("requirepass").arg("hunter2");
    set.exec_async(&mut client(&server).await).await.unwrap();
    let with = |password: &str| server.url().replace("://", &format!("://:{password}@"));
    let right = RedisCache::new(&with("hunter2"), PATIENT).unwrap();
    assert!(right.connect().await);
    let wrong = RedisCache::new(&with("hunter3"), PATIENT).unwrap();
    assert!(!wrong.connect().await);
    assert_eq!(tries(&wrong, "guess").await, 1);
}
