//! Who counts as one by their internet address.

use std::net::{IpAddr, Ipv6Addr};

/// What tries and requests are counted by: one customer of a provider has a whole network of the long addresses. A short
/// address that came in as a long one (RFC 4291, 2.5.5.2) is itself, or all of them would be one.
#[must_use]
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        short @ IpAddr::V4(_) => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_long_addresses_is_one_and_short_ones_are_each_their_own() {
        let of = |address: &str| household(address.parse().unwrap()).to_string();
        assert_eq!(of("2a00:1:2:3::1"), of("2a00:1:2:3:ffff::2"));
        assert_ne!(of("2a00:1:2:3::1"), of("2a00:1:2:4::1"));
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7");
        assert_ne!(of("::ffff:203.0.113.7"), of("::ffff:203.0.113.8"));
    }
}
