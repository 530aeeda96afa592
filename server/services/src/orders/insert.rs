//! Writes new orders with their lines and attendees.

use domain::{
    ids::{HoldId, OrderCode},
    orders::Asking,
};
use uuid::Uuid;

use super::rows::NewOrder;
use crate::{
    Services, Unexpected,
    db::Tx,
    rows::{at, small},
    seal,
};

/// Draws a code. Two orders in a trillion share one: the database then refuses the later order, and whoever tries again
/// draws another.
pub(crate) fn new_code(sv: &Services) -> OrderCode {
    let mut entropy = [0; OrderCode::LENGTH];
    sv.entropy.fill(&mut entropy);
    OrderCode::from_entropy(entropy)
}

/// Writes new orders of one event, all in one statement per table.
pub(crate) async fn insert(sv: &Services, tx: &mut Tx, new: &[NewOrder]) -> Result<(), Unexpected> {
    let Some(first) = new.first() else {
        return Ok(());
    };
    let mut rows = Rows::default();
    for order in new {
        rows.push(sv, order)?;
    }
    sqlx::query!(
        r#"
        insert into orders (id, organization_id, event_id, hold_id, code, secret_hash, state, stock, locale, buyer_name,
                            buyer_email, invoice_name, invoice_address, invoice_vat_id, currency, total_minor,
                            tax_minor, fee_minor, refund_policy, agreed_starts_at, change_terms, created_at, expires_at,
                            credit_minor, reverse_charge, asking, asking_hours, asked_at, channel,
                            placed_from, placed_with)
        select n.id, $1, $2, n.hold_id, n.code, n.secret_hash, n.state, 'held', n.locale, n.buyer_name, n.buyer_email,
               n.invoice_name, n.invoice_address, n.invoice_vat_id, n.currency, n.total_minor, n.tax_minor,
               n.fee_minor, n.refund_policy, (select e.starts_at from events e where e.id = $2),
               (select e.change_terms from events e where e.id = $2), $3, n.expires_at, n.credit_minor,
               n.reverse_charge, n.asking, n.asking_hours, case when n.state = 'asked' then $3::timestamptz end, n.channel,
               n.placed_from, n.placed_with
        from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bytea[], $8::text[], $9::text[], $10::text[], $11::text[],
                    $12::text[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::jsonb[],
                    $19::timestamptz[], $20::bigint[], $21::boolean[], $22::text[], $23::text[], $24::smallint[], $25::text[],
                    $26::text[], $27::text[])
            as n (id, hold_id, code, secret_hash, locale, buyer_name, buyer_email, invoice_name, invoice_address,
                  invoice_vat_id, currency, total_minor, tax_minor, fee_minor, refund_policy, expires_at, credit_minor,
                  reverse_charge, state, asking, asking_hours, channel, placed_from, placed_with)
        "#,
        first.organization.get(),
        first.event.get(),
        at(first.created_at) as _,
        &rows.ids,
        &rows.holds as &[Option<Uuid>],
        &rows.codes,
        &rows.secret_hashes,
        &rows.locales,
        &rows.buyer_names,
        &rows.buyer_emails,
        &rows.invoice_names,
        &rows.invoice_addresses,
        &rows.invoice_vat_ids,
        &rows.currencies,
        &rows.totals,
        &rows.taxes,
        &rows.fees,
        &rows.policies,
        &rows.ends as _,
        &rows.credits,
        &rows.reverse_charges,
        &rows.states,
        &rows.askings,
        &rows.asking_hours as &[Option<i16>],
        &rows.channels,
        &rows.addresses as &[Option<String>],
        &rows.browsers
    )
    .execute(&mut **tx)
    .await?;
    lines(tx, new).await?;
    attendees(tx, new).await
}

#[derive(Default)]
struct Rows {
    ids: Vec<Uuid>,
    holds: Vec<Option<Uuid>>,
    codes: Vec<String>,
    secret_hashes: Vec<Vec<u8>>,
    locales: Vec<String>,
    buyer_names: Vec<String>,
    buyer_emails: Vec<String>,
    invoice_names: Vec<String>,
    invoice_addresses: Vec<String>,
    invoice_vat_ids: Vec<String>,
    currencies: Vec<String>,
    totals: Vec<i64>,
    taxes: Vec<i64>,
    fees: Vec<i64>,
    policies: Vec<serde_json::Value>,
    ends: Vec<jiff_sqlx::Timestamp>,
    credits: Vec<i64>,
    reverse_charges: Vec<bool>,
    states: Vec<String>,
    askings: Vec<String>,
    asking_hours: Vec<Option<i16>>,
    channels: Vec<String>,
    addresses: Vec<Option<String>>,
    browsers: Vec<String>,
}

impl Rows {
    fn push(&mut self, sv: &Services, order: &NewOrder) -> Result<(), Unexpected> {
        let policy = serde_json::to_value(&order.refund_policy)
            .map_err(|e| Unexpected::new("refund policy", e))?;
        self.ids.push(order.id.get());
        self.holds.push(order.hold.map(HoldId::get));
        self.codes.push(order.code.as_str().to_owned());
        self.secret_hashes
            .push(seal::hash(&super::secret(sv, order.id)));
        self.locales.push(order.locale.code().to_owned());
        self.buyer_names.push(order.details.buyer_name.clone());
        self.buyer_emails
            .push(order.details.email.as_str().to_owned());
        self.invoice_names.push(order.invoice.name.clone());
        self.invoice_addresses.push(order.invoice.address.clone());
        self.invoice_vat_ids.push(order.invoice.vat_id.clone());
        self.currencies
            .push(order.total.currency.as_str().to_owned());
        self.totals.push(order.total.minor);
        self.taxes.push(order.tax.minor);
        self.fees.push(order.fee.minor);
        self.policies.push(policy);
        self.ends.push(at(order.expires_at));
        self.credits.push(order.credit.minor);
        self.reverse_charges.push(order.reverse_charge);
        self.states.push(order.state().code().to_owned());
        self.askings.push(order.asking.code().to_owned());
        let hours = i16::try_from(order.asking_hours).ok();
        self.asking_hours
            .push(hours.filter(|_| order.asking != Asking::No));
        self.channels.push(order.channel.code().to_owned());
        self.addresses.push(order.from.address());
        self.browsers.push(order.from.browser().to_owned());
        Ok(())
    }
}

async fn lines(tx: &mut Tx, new: &[NewOrder]) -> Result<(), Unexpected> {
    let organization = new.first().map(|order| order.organization.get());
    let (mut ids, mut orders, mut types) = (Vec::new(), Vec::new(), Vec::new());
    let (mut quantities, mut prices, mut nets) = (Vec::new(), Vec::new(), Vec::new());
    let (mut taxes, mut rates, mut fees) = (Vec::new(), Vec::new(), Vec::new());
    let mut fulls: Vec<Option<i64>> = Vec::new();
    let (mut phases, mut names) = (Vec::new(), Vec::new());
    for order in new {
        for line in &order.lines {
            ids.push(line.id.get());
            orders.push(order.id.get());
            types.push(line.priced.ticket_type.get());
            quantities.push(small(line.priced.quantity));
            prices.push(line.priced.unit.minor);
            nets.push(line.priced.net.minor);
            taxes.push(line.priced.tax.minor);
            rates.push(i32::from(line.priced.rate.thousandths()));
            fees.push(line.priced.fee.minor);
            fulls.push(line.full.map(|full| full.minor));
            phases.push(line.phase.as_ref().map(|phase| phase.id.get()));
            names.push(line.phase.as_ref().map(|phase| phase.name.clone()));
        }
    }
    sqlx::query!(
        r#"
        insert into order_lines (id, organization_id, order_id, ticket_type_id, quantity, unit_price_minor, net_minor,
                                 tax_minor, tax_bp, tax_rate, fee_minor, full_price_minor, phase_id, phase_name)
        select line.id, $1, line.order_id, line.ticket_type, line.quantity, line.price, line.net, line.tax, line.rate / 10, line.rate,
               line.fee, line.full_price, line.phase_id, line.phase_name
        from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::bigint[], $7::bigint[], $8::bigint[],
                    $9::integer[], $10::bigint[], $11::bigint[], $12::uuid[], $13::text[])
            as line (id, order_id, ticket_type, quantity, price, net, tax, rate, fee, full_price, phase_id,
                     phase_name)
        "#,
        organization,
        &ids,
        &orders,
        &types,
        &quantities,
        &prices,
        &nets,
        &taxes,
        &rates,
        &fees,
        &fulls as &[Option<i64>],
        &phases as &[Option<Uuid>],
        &names as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn attendees(tx: &mut Tx, new: &[NewOrder]) -> Result<(), Unexpected> {
    let organization = new.first().map(|order| order.organization.get());
    let (mut lines, mut numbers) = (Vec::new(), Vec::new());
    let (mut names, mut emails) = (Vec::new(), Vec::new());
    for order in new {
        let places = order
            .lines
            .iter()
            .flat_map(|line| (1..=line.priced.quantity).map(|n| (line.id, small(n))));
        for (attendee, (line, n)) in order.details.attendees.iter().zip(places) {
            lines.push(line.get());
            numbers.push(n);
            names.push(attendee.name.clone());
            let email = attendee.email.as_ref();
            emails.push(email.map_or_else(String::new, ToString::to_string));
        }
    }
    sqlx::query!(
        r#"
        insert into attendees (order_line_id, n, organization_id, name, email)
        select line, n, $1, name, email
        from unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[]) as attendee (line, n, name, email)
        "#,
        organization,
        &lines,
        &numbers,
        &names,
        &emails
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
