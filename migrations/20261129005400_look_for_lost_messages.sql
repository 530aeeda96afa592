-- When the provider was last asked for disputes and refunds that it may have told of in vain.
alter table provider_book_reads add column asked_at timestamptz;
