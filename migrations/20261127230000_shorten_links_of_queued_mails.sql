-- Links of queued mails are paths now; what opens something is added when they are sent.
update mails
set payload = jsonb_set(payload, '{link}', to_jsonb(regexp_replace(payload ->> 'link', '^https?://[^/]+', '')))
where state = 'queued' and payload ? 'link';
