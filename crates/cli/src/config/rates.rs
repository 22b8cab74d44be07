use std::num::NonZeroU32;

use annals_server::{Rate, RateLimits};

use super::concern::concern;

concern! {
    /// How often each may ask 'annals serve'. Who asks more often is answered 429, and told when to come back.
    RatesConfig is "server.rates" {
        /// Requests a second of one caller, in the long run; 0 is no limit.
        caller_per_second: u32 = 0;
        /// Requests that she may make at once; 0 is as many as in a second.
        caller_burst: u32 = 0;
        /// Requests a second from one address (of IPv6, one network of 64 bits), whoever asks from there; 0 is no limit.
        /// Behind a proxy all addresses are the proxy's.
        address_per_second: u32 = 0;
        /// Requests that may come from there at once; 0 is as many as in a second.
        address_burst: u32 = 0;
    }
}

impl RatesConfig {
    /// How often each may ask.
    pub(crate) fn limits(&self) -> RateLimits {
        RateLimits {
            of_address: rate(self.address_per_second, self.address_burst),
            of_caller: rate(self.caller_per_second, self.caller_burst),
        }
    }
}

fn rate(per_second: u32, burst: u32) -> Option<Rate> {
    let per_second = NonZeroU32::new(per_second)?;
    Some(Rate { per_second, burst: NonZeroU32::new(burst).unwrap_or(per_second) })
}
