-- Holds and orders whose time is over are found by their own clocks; nothing is queued for them any more.
delete from jobs where kind in ('expire_hold', 'expire_order');
