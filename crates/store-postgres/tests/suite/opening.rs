//! Which schemas are opened, made and refused, and what is said of it.

use annals_store::{EventStore, StoreError};
use annals_store_postgres::{Migration, OlderFormat, PostgresEventStore, PostgresOptions};
use annals_test_postgres::{Cluster, PASSWORD, shared_server};

use crate::logs::{check_sound, create, events, options, options_at, somebody};

async fn refusal(options: PostgresOptions) -> StoreError {
    PostgresEventStore::create_or_open(options).await.err().expect("it is refused")
}

#[tokio::test]
async fn a_log_that_is_not_there_is_not_made_by_whoever_only_opens() {
    let options = options();
    let error = PostgresEventStore::open(options.clone()).await.err().expect("there is none");
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    assert_eq!(PostgresEventStore::migrate(&options).await.unwrap(), Migration { from: 0, to: 4 });
    assert_eq!(PostgresEventStore::migrate(&options).await.unwrap(), Migration { from: 4, to: 4 });
    assert_eq!(PostgresEventStore::open(options).await.unwrap().head().await.unwrap().size, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_make_a_log_at_once_all_get_the_same() {
    let options = options();
    let opening: Vec<_> =
        (0..8).map(|_| tokio::spawn(PostgresEventStore::create_or_open(options.clone()))).collect();
    let mut origins = std::collections::BTreeSet::new();
    for opened in opening {
        origins.insert(opened.await.unwrap().unwrap().origin().to_string());
    }
    assert_eq!(origins.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_an_older_program_is_migrated_on_request_by_one_of_many() {
    let options = options();
    create(&options).await.close().await.unwrap();
    let somebody = somebody(shared_server(), &options).await;
    // As the second step left it.
    somebody
        .batch_execute(
            "ALTER TABLE migrations DISABLE TRIGGER ALL; DELETE FROM migrations WHERE number > 2;
             ALTER TABLE migrations ENABLE ALWAYS TRIGGER append_only; DROP TABLE payload_paths;
             DROP FUNCTION index_payload_paths(); DROP FUNCTION index_payload_path(text, text[], integer);
             DROP TABLE containment; DROP FUNCTION index_payload_contents();
             DROP FUNCTION payload_number(jsonb); DROP FUNCTION payload_text(jsonb)",
        )
        .await
        .unwrap();
    let error = refusal(options.clone()).await;
    assert!(matches!(error, StoreError::Outdated { format: 2, .. }), "{error}");
    let migrating = PostgresOptions { older_format: OlderFormat::IsMigrated, ..options.clone() };
    let opening: Vec<_> =
        (0..8).map(|_| tokio::spawn(PostgresEventStore::create_or_open(migrating.clone()))).collect();
    for opened in opening {
        opened.await.unwrap().unwrap();
    }
    let store = create(&options).await;
    store.append(events("Order/1", 3)).await.unwrap();
    assert_eq!(check_sound(&store).await.len(), 3);
}

#[tokio::test]
async fn a_schema_of_something_else_is_left_alone() {
    let options = options();
    let somebody = somebody(shared_server(), &options).await;
    let schema = options.location.schema().clone();
    somebody.batch_execute(&format!("CREATE SCHEMA {schema}; CREATE TABLE orders (id int)")).await.unwrap();
    let error = refusal(options).await;
    assert!(matches!(error, StoreError::NotOurs { .. }) && error.to_string().contains("orders"), "{error}");
    let tables =
        somebody.query("SELECT FROM pg_tables WHERE schemaname = $1", &[&schema.as_str()]).await.unwrap();
    assert_eq!(tables.len(), 1);
}

#[tokio::test]
async fn a_log_of_a_newer_program_is_refused() {
    let options = options();
    create(&options).await.close().await.unwrap();
    somebody(shared_server(), &options)
        .await
        .batch_execute("INSERT INTO migrations VALUES (99)")
        .await
        .unwrap();
    let error = refusal(options).await.to_string();
    assert!(error.contains("has format 99"), "{error}");
}

#[tokio::test]
async fn logs_in_schemas_of_one_database_know_nothing_of_each_other() {
    let (one, other) = (create(&options()).await, create(&options()).await);
    one.append(events("Order/1", 3)).await.unwrap();
    assert_eq!((check_sound(&one).await.len(), check_sound(&other).await.len()), (3, 0));
}

#[tokio::test]
async fn no_error_shows_the_password() {
    let server = Cluster::start();
    let right = options_at(&server.tcp_url());
    create(&right).await.close().await.unwrap();
    let wrong = options_at(&server.tcp_url().replace(PASSWORD, "a-wrong-one"));
    let nowhere = options_at("postgres://annals:a-wrong-one@127.0.0.1:1/postgres");
    let nobody = options_at(&server.tcp_url().replace("//annals:", "//nobody:"));
    for options in [wrong, nowhere, nobody] {
        let shown = format!("{:?} {}", options.location, options.location);
        let error = refusal(options).await;
        for text in [shown, error.to_string(), format!("{error:?}")] {
            assert!(!text.contains("a-wrong-one") && !text.contains(PASSWORD), "{text}");
        }
    }
    let log = std::fs::read_to_string(server.log_file()).unwrap();
    assert!(!log.contains(PASSWORD) && !log.contains("a-wrong-one"));
}

#[tokio::test]
async fn a_server_that_does_not_sync_is_refused() {
    let server = Cluster::start();
    let options = options_at(&server.url());
    let superuser = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(superuser.1);
    superuser.0.batch_execute("ALTER SYSTEM SET fsync = off").await.unwrap();
    superuser.0.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let error = refusal(options).await.to_string();
    assert!(error.contains("fsync = off"), "{error}");
}

#[tokio::test]
async fn a_commit_waits_for_the_disk_whatever_the_database_says() {
    let server = Cluster::start();
    let (superuser, connection) =
        tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    superuser.batch_execute("ALTER DATABASE postgres SET synchronous_commit = off").await.unwrap();
    // Little is done behind the appends, for that may be written and not yet synced when it is looked.
    let housekeeping_rest = std::time::Duration::from_secs(3_600);
    let store = create(&PostgresOptions { housekeeping_rest, ..options_at(&server.url()) }).await;
    let mut synced = 0;
    for number in 0..10 {
        store.append(events(&format!("Order/{number}"), 1)).await.unwrap();
        // What is acknowledged is in the part of the write-ahead log that was synced. The server now and then notes
        // something of its own behind it.
        let row = superuser
            .query_one("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()", &[])
            .await
            .unwrap();
        synced += u32::from(row.get::<_, bool>(0));
    }
    assert!(synced > 5, "after {synced} of 10 appends");
}
