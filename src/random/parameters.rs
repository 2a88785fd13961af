//! The parameters of each distribution, as named fields, so that bare numbers cannot be mixed up.

/// Uniform from `min` to `max`: 0 <= min <= max.
#[derive(Debug, Clone, Copy)]
pub struct Uniform {
    /// The least value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

/// Triangular: 0 <= min <= mode <= max.
#[derive(Debug, Clone, Copy)]
pub struct Triangular {
    /// The least value.
    pub min: f64,
    /// The most likely value.
    pub mode: f64,
    /// The largest value.
    pub max: f64,
}

/// Lognormal, by the moments of the variable itself: mean > 0, cv >= 0.
#[derive(Debug, Clone, Copy)]
pub struct Lognormal {
    /// The mean of the variable.
    pub mean: f64,
    /// Its standard deviation over its mean.
    pub cv: f64,
}

/// Lognormal, by the median and the spread of the logarithm: median > 0, sigma >= 0.
#[derive(Debug, Clone, Copy)]
pub struct MedianLognormal {
    /// The median of the variable.
    pub median: f64,
    /// The standard deviation of its natural logarithm.
    pub sigma: f64,
}

/// Weibull, P(T > t) = exp(-(t / scale)^shape): shape > 0, scale > 0.
#[derive(Debug, Clone, Copy)]
pub struct Weibull {
    /// The hazard falls over time below 1, and rises above 1.
    pub shape: f64,
    /// The value that 1 / e = 36.8 % exceed.
    pub scale: f64,
}

/// Gamma, with shape 1 / cv^2 and scale mean cv^2: mean > 0, 0 < cv <= 1e6.
#[derive(Debug, Clone, Copy)]
pub struct Gamma {
    /// The mean.
    pub mean: f64,
    /// The standard deviation over the mean.
    pub cv: f64,
}

/// Normal, truncated at 0: any finite mean with sd > 0, or mean >= 0 with sd = 0.
#[derive(Debug, Clone, Copy)]
pub struct Normal {
    /// The mean before truncation.
    pub mean: f64,
    /// The standard deviation before truncation.
    pub sd: f64,
}

/// PERT: 0 <= min <= mode <= max.
#[derive(Debug, Clone, Copy)]
pub struct BetaPert {
    /// The least value.
    pub min: f64,
    /// The most likely value.
    pub mode: f64,
    /// The largest value.
    pub max: f64,
}

/// Two values between which nine in ten lie: 0 <= p5 <= p95.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    /// The value that 5 % are below.
    pub p5: f64,
    /// The value that 5 % are above.
    pub p95: f64,
}

/// Observed values: at least one, each >= 0.
#[derive(Debug, Clone, Copy)]
pub struct Empirical<'a> {
    /// The values that may be drawn, in any order.
    pub values: &'a [f64],
    /// One weight >= 0 per value, with a sum above 0. Equal weights if absent.
    pub weights: Option<&'a [f64]>,
}
