//! Every preset on its sample file, down to the bytes of payload and metadata.

use annals_connect::Preset;

use crate::support::{events, example, run_preset, shown, store_in_1970};

async fn mapped(preset: Preset, file: &str) -> Vec<String> {
    let store = store_in_1970();
    let text = example(&format!("presets/{file}"));
    let outcome = run_preset(&store, preset, file, &text).await;
    assert!(outcome.dead_letters.is_empty(), "{:?}", outcome.dead_letters);
    let again = run_preset(&store, preset, file, &text).await;
    assert_eq!((again.report.appended, again.report.repeated), (0, outcome.report.appended));
    events(&store).await.iter().map(shown).collect()
}

#[tokio::test]
async fn annals() {
    assert_eq!(
        mapped(Preset::Annals, "annals.jsonl").await,
        [
            r#"OrderPlaced | Order/order_456 | v1 | 2026-11-20T10:30:00.000000Z | user_789 | {"orderId": "order_456", "total": 99.90} | {"correlationId": "req-1", "source": "orders"} | {"source":"kafka:orders/3@1188"}"#,
            r#"OrderPaid | Order/order_456 | v1 | 2026-11-20T10:31:00.000000Z | anonymous | {"orderId": "order_456", "method": "card"} | {"correlationId":"req-1"} | {"source":"file:annals.jsonl:2"}"#,
            r#"OrderShipped | Order/order_456 | v1 | 2026-11-21T07:00:00.000000Z | anonymous | { "carrier" : "post" } | {} | {"source":"file:annals.jsonl:3"}"#,
        ]
    );
}

#[tokio::test]
async fn microservice() {
    assert_eq!(
        mapped(Preset::Microservice, "microservice.jsonl").await,
        [
            r#"OrderCreated | Order/order_456 | v1 | 2026-11-20T10:30:00.250000Z | user_789 | {"orderId": "order_456", "total": 99.90, "items": [{"sku": "A-1", "quantity": 2}]} | {"correlationId": "req-1", "causationId": "cmd-1", "userId": "user_789", "source": "order-service"} | {"source":"file:microservice.jsonl:1"}"#,
            r#"PaymentCaptured | Payment/pay_77 | v2 | 2026-11-20T10:30:02.000000Z | anonymous | {"orderId": "order_456", "amount": 99.90} | {"correlationId": "req-1", "causationId": "5f0c5a1e-33a5-4a7e-9a44-6d1a6a1d8a01", "source": "payment-service"} | {"source":"file:microservice.jsonl:2","sourceEventId":"evt_124"}"#,
        ]
    );
}

#[tokio::test]
async fn aggregate() {
    assert_eq!(
        mapped(Preset::Aggregate, "aggregate.jsonl").await,
        [
            r#"ItemAdded | Cart/cart_12 | v1 | 2026-11-20T09:00:00.000000Z | user_789 | {"sku": "A-1", "quantity": 2, "price": 19.90} | {} | {"source":"file:aggregate.jsonl:1"}"#,
            r#"CartCheckedOut | Cart/cart_12 | v3 | 2026-11-20T09:05:00.000000Z | user_789 | {"total": 39.80} | {"tenant":"north"} | {"source":"file:aggregate.jsonl:2","sourceEventId":"evt_2"}"#,
        ]
    );
}

#[tokio::test]
async fn task() {
    assert_eq!(
        mapped(Preset::Task, "task.jsonl").await,
        [
            r#"created | Task/42 | v1 | 2026-11-20T08:00:00.000000Z | user_1 | {"title": "Buy milk", "description": null, "completed": false} | {} | {"source":"file:task.jsonl:1"}"#,
            r#"completed | Task/42 | v1 | 2026-11-20T18:00:00.000000Z | user_1 | {"title": "Buy milk", "description": null, "completed": true} | {} | {"source":"file:task.jsonl:2","sourceEventId":"evt-2"}"#,
        ]
    );
}

#[tokio::test]
async fn audit_log() {
    assert_eq!(
        mapped(Preset::AuditLog, "audit-log.jsonl").await,
        [
            r#"StockReserved | Product/sku_1 | v1 | 2026-11-20T10:29:59.120000Z | user_789 | {"quantity": 2, "remaining": 40} | {} | {"source":"file:audit-log.jsonl:1"}"#,
            r#"CartItemAdded | Cart/12 | v1 | 2026-11-20T10:30:01.000000Z | anonymous | {"sku": "sku_1", "quantity": 2} | {"ip":"192.0.2.7"} | {"source":"file:audit-log.jsonl:2","sourceEventId":"evt_3"}"#,
        ]
    );
}

#[tokio::test]
async fn audit_log_as_csv() {
    assert_eq!(
        mapped(Preset::AuditLog, "audit-log.csv").await,
        [
            "StockReserved | Product/sku_1 | v1 | 2026-11-20T10:29:59.120000Z | user_789 | {\"quantity\": 2, \"remaining\": 40} | {} | {\"source\":\"file:audit-log.csv:2\"}",
            "StockReleased | Product/sku_1 | v1 | 2026-11-20T11:00:00.000000Z | anonymous | {\"quantity\": 1,\n \"remaining\": 41} | {} | {\"source\":\"file:audit-log.csv:3\"}",
        ]
    );
}

#[tokio::test]
async fn trading() {
    assert_eq!(
        mapped(Preset::Trading, "trading.jsonl").await,
        [
            r#"order_placed | Order/order_1001 | v1 | 2026-11-20T14:00:00.000000Z | anonymous | {"order_id": "1001", "symbol": "SOL/USDC", "side": "buy", "quantity": 12.50, "price": 171.20} | {} | {"source":"file:trading.jsonl:1"}"#,
            r#"order_filled | Order/order_1001 | v1 | 2026-11-20T14:00:02.000000Z | anonymous | {"order_id": "1001", "fill_price": 171.15, "filled_quantity": 12.50} | {"sequence":2} | {"source":"file:trading.jsonl:2"}"#,
            r#"balance_changed | Wallet/wallet_9xQe | v1 | 2026-11-20T14:00:02.000000Z | anonymous | {"event_type":"balance_changed","wallet":"9xQe","token":"USDC","old_balance":5000.00,"new_balance":2860.63,"reason":"order 1001","timestamp":"2026-11-20T14:00:02Z"} | {} | {"source":"file:trading.jsonl:3"}"#,
            r#"position_opened | Position/position_7 | v1 | 2026-11-20T14:00:03.000000Z | anonymous | {"position_id": "position_7", "symbol": "SOL/USDC", "quantity": 12.50, "entry_price": 171.15, "timestamp": "2026-11-20T14:00:03Z"} | {} | {"source":"file:trading.jsonl:4"}"#,
            r#"setting_changed | Settings/settings | v1 | 2026-11-20T15:00:00.000000Z | anonymous | {"key": "theme", "old_value": "light", "new_value": "dark"} | {} | {"source":"file:trading.jsonl:5"}"#,
        ]
    );
}

#[tokio::test]
async fn cloudevents() {
    assert_eq!(
        mapped(Preset::CloudEvents, "cloudevents.jsonl").await,
        [
            r#"com.example.order.placed | Order/order_456 | v1 | 2026-11-20T10:30:00.000000Z | anonymous | {"total": 99.90} | {"specversion":"1.0","source":"/shop/orders","subject":"Order/order_456","datacontenttype":"application/json","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"} | {"source":"file:cloudevents.jsonl:1","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}"#,
            r#"com.example.order.paid | orders/order_456 | v1 | 2026-11-20T10:31:00.000000Z | anonymous | {"method": "card"} | {"specversion":"1.0","source":"/shop/orders","subject":"order_456"} | {"source":"file:cloudevents.jsonl:2","sourceEventId":"A234-1234-1234"}"#,
            r#"com.example.alive | Source/https://shop.example/heartbeat | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {} | {"specversion":"1.0","source":"https://shop.example/heartbeat"} | {"source":"file:cloudevents.jsonl:3","sourceEventId":"1"}"#,
        ]
    );
}

#[tokio::test]
async fn a_trading_event_without_a_time_of_its_own_has_that_of_its_data() {
    let line = r#"{"event_type":"OrderPlaced","aggregate_id":"7f3a","payload":{"timestamp":"2026-11-20T14:00:00Z"}}"#;
    let store = store_in_1970();
    run_preset(&store, Preset::Trading, "t.jsonl", line).await;
    let found = shown(&events(&store).await[0]);
    assert!(found.starts_with("order_placed | Order/7f3a | v1 | 2026-11-20T14:00:00.000000Z"), "{found}");
}

#[tokio::test]
async fn a_microservice_event_with_a_member_that_has_no_place_is_not_stored_without_it() {
    let line = r#"{"eventType":"A","aggregateType":"O","aggregateId":"1","payload":{},"tenant":"x"}"#;
    let outcome = run_preset(&store_in_1970(), Preset::Microservice, "m.jsonl", line).await;
    assert_eq!(outcome.refused(), [(1, "member-unknown")]);
}

#[tokio::test]
async fn a_trading_event_of_another_type_is_refused_with_the_types_that_are_known() {
    let line = r#"{"event_type":"OrderDreamt","aggregate_id":"order_1","payload":{}}"#;
    let outcome = run_preset(&store_in_1970(), Preset::Trading, "t.jsonl", line).await;
    assert_eq!(outcome.refused(), [(1, "member-invalid")]);
    assert!(outcome.dead_letters[0]["reason"].as_str().unwrap().contains("wallet_disconnected"));
}
