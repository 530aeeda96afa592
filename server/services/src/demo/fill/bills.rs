//! The platform has said who it is, and has billed its fees of the months that are over.

use super::SIGN_INS;
use crate::{Services, Unexpected, db::Tx, invoices::platform, rows::at};

pub(super) async fn insert(sv: &Services, tx: &mut Tx) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into platform_issuer (legal_name, street, postcode, city, country, vat_id, tax_number, registration, email,
                                     small_business, tax_note, invoice_prefix, credit_prefix, look_at, changed_at, changed_by)
        select 'Bilten Demo d.o.o.', 'Tržaška cesta 1', '1000', 'Ljubljana', 'SI', 'SI50223054', '', '',
               'billing@demo.bilten.example', false, '', 'P', 'PC', $1, $1, id
        from users where email = $2
        on conflict on constraint platform_issuer_pkey do nothing
        "#,
        at(sv.now()) as _,
        SIGN_INS[0].email
    )
    .execute(&mut **tx)
    .await?;
    // One of them is a business in another state of the Union, and owes the tax itself.
    sqlx::query!(
        "update organizations set vat_id = 'DE136695976' where slug = 'nordlicht' and vat_id = ''"
    )
    .execute(&mut **tx)
    .await?;
    platform::bill_untold(sv, tx).await
}
