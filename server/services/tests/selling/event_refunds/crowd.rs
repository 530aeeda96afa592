//! Many paid orders at once, written as a sale would have left them.

use services::db::Scope;
use testkit::{Event, World};

/// Each of one seat of 1500, paid through the provider.
pub(super) async fn paid(w: &World, event: &Event, number: i32) {
    let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
    sqlx::query(
        "with crowd as (
             select n, gen_random_uuid() as id, gen_random_uuid() as line, gen_random_uuid() as payment,
                    gen_random_uuid() as booking,
                    translate(lpad(n::text, 8, '0'), '0123456789', 'ABCDEFGHJK') as code
             from generate_series(1, $3) n
         ), o as (
             insert into orders (id, organization_id, event_id, code, secret_hash, state, stock, buyer_name, buyer_email, currency,
                                 total_minor, created_at, paid_at)
             select id, $1, $2, code, sha256(code::bytea), 'paid', 'sold', 'Buyer ' || n, 'buyer' || n || '@buyers.test', 'EUR',
                    1500, $5::timestamptz, $5::timestamptz from crowd
         ), l as (
             insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor)
             select line, $1, id, $4, 1, 1500 from crowd
         ), t as (
             insert into tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, holder_name, code,
                                  key_id, issued_at)
             select gen_random_uuid(), $1, $2, id, line, $4, 1, 'Buyer ' || n, code,
                    (select min(key_id) from signing_keys where organization_id = $1), $5::timestamptz from crowd
         ), p as (
             insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency, created_at,
                                   updated_at)
             select payment, $1, id, 'sandbox', 'crowd-' || n, 'succeeded', 1500, 'EUR', $5::timestamptz, $5::timestamptz from crowd
         ), b as (
             insert into ledger_transactions (id, organization_id, kind, order_id, occurred_at)
             select booking, $1, 'sale', id, $5::timestamptz from crowd
         ), e as (
             insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
             select booking, m.n, $1, m.account, m.amount, 'EUR' from crowd
             cross join (values (1, 'provider_clearing', 1500), (2, 'organizer_payable', -1500)) m (n, account, amount)
         )
         update pools set sold = sold + $3 where id = (select pool_id from ticket_type_pools where ticket_type_id = $4)",
    )
    .bind(event.organization.id.get())
    .bind(event.id.get())
    .bind(number)
    .bind(event.of_type("Seat").get())
    .bind(w.now().to_string())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}
