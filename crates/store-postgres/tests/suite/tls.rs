//! Connections are encrypted, and the server's certificate is checked.

use annals_store::EventStore;
use annals_store_postgres::PostgresEventStore;
use annals_test_postgres::Cluster;

use crate::logs::{create, events, options_at, somebody};

#[tokio::test]
async fn a_server_is_believed_that_shows_a_certificate_we_know() {
    let (server, certificate) = Cluster::start_with_tls();
    let url = server.tcp_url().replace("sslmode=disable", "sslmode=require");
    let options = options_at(&format!("{url}&sslrootcert={}", certificate.display()));
    let store = create(&options).await;
    store.append(events("Order/1", 2)).await.unwrap();
    let superuser = somebody(&server.url(), &options).await;
    let plain = superuser
        .query_one(
            "SELECT count(*) FILTER (WHERE NOT ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
             WHERE application_name = 'annals'",
            &[],
        )
        .await
        .unwrap();
    assert!(plain.get::<_, i64>(0) == 0 && plain.get::<_, i64>(1) > 0);
}

#[tokio::test]
async fn a_server_is_refused_that_shows_a_certificate_nobody_knows() {
    let (server, _) = Cluster::start_with_tls();
    let options = options_at(&server.tcp_url().replace("sslmode=disable", "sslmode=verify-full"));
    let error = PostgresEventStore::create_or_open(options).await.err().expect("it is refused").to_string();
    assert!(error.to_lowercase().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let server = Cluster::start();
    let options = options_at(&server.tcp_url().replace("sslmode=disable", "sslmode=require"));
    let error = PostgresEventStore::create_or_open(options).await.err().expect("it is refused").to_string();
    assert!(error.contains("TLS"), "{error}");
}
