//! Nobody changes a fact by accident: not the owner, and not the role of a service.

use annals_store::EventStore;
use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
use tokio_postgres::Client;

use crate::logs::{create, events, options, somebody};

const FACTS: [&str; 8] =
    ["migrations", "log", "events", "events_0", "blocks", "subtrees", "checkpoints", "verifier_keys"];

/// Tries a statement that must be refused; what the server says.
async fn refused(client: &Client, statement: &str) -> String {
    let error = client.batch_execute(statement).await.expect_err(statement);
    error.as_db_error().unwrap().message().to_owned()
}

#[tokio::test]
async fn the_owner_can_neither_change_nor_delete_nor_truncate_a_fact() {
    let options = options();
    let store = create(&options).await;
    store.append(events("Order/1", 300)).await.unwrap();
    let owner = somebody(shared_server(), &options).await;
    for setting in ["origin", "replica"] {
        owner.batch_execute(&format!("SET session_replication_role = {setting}")).await.unwrap();
        for table in FACTS {
            let column: String = owner
                .query_one(
                    "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum = 1",
                    &[&table],
                )
                .await
                .unwrap()
                .get(0);
            for statement in [
                format!("UPDATE {table} SET {column} = {column}"),
                format!("UPDATE {table} SET {column} = {column} WHERE false"),
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table} CASCADE"),
            ] {
                let message = refused(&owner, &statement).await;
                assert!(message.contains("facts are never changed"), "{statement}: {message}");
            }
        }
    }
    let upsert =
        "INSERT INTO events SELECT * FROM events LIMIT 1 ON CONFLICT (position) DO UPDATE SET version = 9";
    assert!(refused(&owner, upsert).await.contains("facts are never changed"));
    let merge = "MERGE INTO events USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE";
    assert!(refused(&owner, merge).await.contains("facts are never changed"));
    assert_eq!(store.head().await.unwrap().size, 300);
}

#[tokio::test]
async fn a_block_that_is_made_later_is_guarded_too() {
    let options = options();
    let store = create(&options).await;
    store.append(events("Order/1", 3_000)).await.unwrap();
    let owner = somebody(shared_server(), &options).await;
    for statement in ["DELETE FROM events_2048", "TRUNCATE events_1024", "UPDATE events_2048 SET version = 1"]
    {
        assert!(refused(&owner, statement).await.contains("facts are never changed"), "{statement}");
    }
}

#[tokio::test]
async fn a_service_may_append_and_read_and_nothing_else() {
    let options = options();
    create(&options).await.close().await.unwrap();
    let role = format!("service_{}", fresh_schema_name());
    let owner = somebody(shared_server(), &options).await;
    owner.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.unwrap();
    annals_store_postgres::PostgresEventStore::grant(&options, &role).await.unwrap();
    let as_service = shared_server().replace("//annals@", &format!("//{role}@"));
    let location = log_url(&as_service, options.location.schema().as_str());
    let service_options =
        annals_store_postgres::PostgresOptions { location: location.parse().unwrap(), ..options.clone() };
    let store = create(&service_options).await;
    // Behind the first block, so that it has others made.
    store.append(events("Order/1", 2_500)).await.unwrap();
    crate::logs::check_sound(&store).await;
    let service = somebody(&as_service, &options).await;
    for table in FACTS {
        for statement in [
            format!("UPDATE {table} SET ctid = ctid"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
        ] {
            service.batch_execute(&statement).await.expect_err(&statement);
        }
    }
    for statement in [
        "DROP TABLE events",
        "ALTER TABLE events DISABLE TRIGGER append_only",
        "ALTER TABLE events DETACH PARTITION events_0",
        "CREATE TABLE mine (a int)",
        "DELETE FROM head",
        "DELETE FROM dead_letters",
        "UPDATE dead_letters SET raw = ''",
        "INSERT INTO log VALUES (1, 'mine')",
    ] {
        let message = refused(&service, statement).await;
        assert!(
            message.contains("permission denied") || message.contains("must be owner"),
            "{statement}: {message}"
        );
    }
    owner.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
}
