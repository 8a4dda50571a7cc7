# What R's surveillance says of small made-up series, as the figures that the tests compare with.
#
#   Rscript tests/models/detection/r/surveillance_references.R > tests/models/detection/r/surveillance_references.json
#
# Made with R 4.2.2, surveillance 1.20.3, jsonlite. The package is run here only; none of its code is in the project.
suppressMessages(library(surveillance))
library(jsonlite)

with_missing <- function(range, length, values) {
  all <- rep(NA_real_, length)
  all[range] <- as.numeric(values)
  all
}

# EARS: a Poisson series, an overdispersed one, a sparse one with constant baselines, and one with an outbreak.
set.seed(11)
periods <- 40
ears_counts <- rbind(
  rpois(periods, 12),
  rnbinom(periods, mu = 5, size = 2),
  rpois(periods, 0.15),
  c(rpois(30, 6), rpois(10, 15))
)
ears_of <- function(counts, method, alpha, baseline, min_sigma) {
  control <- list(range = NULL, method = method, baseline = baseline, minSigma = min_sigma, alpha = alpha)
  result <- suppressWarnings(earsC(sts(observed = counts), control = control))
  first <- length(counts) - length(upperbound(result)) + 1
  list(
    upper = with_missing(first:length(counts), length(counts), upperbound(result)),
    alarm = with_missing(first:length(counts), length(counts), alarms(result))
  )
}
ears_cases <- list()
for (method in c("C1", "C2", "C3")) {
  for (setting in list(
    list(baseline = 7, min_sigma = 0, alpha = 0.001), list(baseline = 7, min_sigma = 0.5, alpha = 0.025),
    list(baseline = 10, min_sigma = 0, alpha = 0.01)
  )) {
    results <- lapply(seq_len(nrow(ears_counts)), function(i) {
      ears_of(ears_counts[i, ], method, setting$alpha, setting$baseline, setting$min_sigma)
    })
    ears_cases[[length(ears_cases) + 1]] <- c(
      list(method = method), setting,
      list(upper = do.call(rbind, lapply(results, `[[`, "upper")), alarm = do.call(rbind, lapply(results, `[[`, "alarm")))
    )
  }
}

# Drift: seasonal means, a change of level behind period 60.
set.seed(42)
t <- 1:80
mu0 <- exp(1.5 + 0.6 * cos(2 * pi * t / 52) + 0.6 * sin(2 * pi * t / 52))
change <- ifelse(t > 60, 1.5, 1)
poisson <- rpois(length(t), mu0 * change)
# The chart's overdispersion is by the mean, R's by its square: at a constant mean they are the same.
flat0 <- rep(6, length(t))
negbin <- rnbinom(length(t), mu = flat0 * change, size = 5)
# A threshold out of reach keeps the charts from starting anew behind an alarm.
never <- 1e6
chart <- function(counts, mu0, alpha, theta = NULL) {
  control <- list(
    range = t, c.ARL = never, Mtilde = 1, M = -1, mu0 = mu0, alpha = alpha, change = "intercept", ret = "value",
    dir = "inc", theta = theta
  )
  as.numeric(upperbound(glrnb(sts(observed = counts), control = control)))
}
drift <- list(
  mean = mu0, poisson = poisson, flat_mean = 6, negbin = negbin, size = 5,
  glr_poisson = chart(poisson, mu0, 0), glr_negbin = chart(negbin, flat0, 1 / 5),
  cusum_poisson = chart(poisson, mu0, 0, theta = log(1.5)), cusum_negbin = chart(negbin, flat0, 1 / 5, theta = log(1.5)),
  ratio = 1.5
)

# Classical Poisson CUSUM with a constant mean: its values, and average run lengths of some designs.
set.seed(5)
flat <- rpois(60, c(rep(4, 40), rep(6, 20)))
reference <- 4.9
disProg <- create.disProg(week = seq_along(flat), observed = flat, state = rep(0, length(flat)), freq = 52, start = c(2001, 1))
page <- algo.cusum(disProg, control = list(range = seq_along(flat), k = reference, h = 1e6, m = 4, trans = "none"))
designs <- list(c(2.4, 3, 10), c(1, 1.5, 4), c(4, 5, 6), c(6, 5, 6), c(10, 12, 9.5), c(0.5, 1, 3))
arls <- lapply(designs, function(d) {
  list(mean = d[1], k = d[2], h = d[3], arl = arlCusum(h = d[3], k = d[2], theta = d[1], distr = "poisson", digits = 1)$ARL)
})

cat(toJSON(
  list(
    versions = list(r = R.version.string, surveillance = as.character(packageVersion("surveillance"))),
    ears = list(counts = ears_counts, cases = ears_cases), drift = drift,
    page = list(counts = flat, mean = 4, k = reference, cusum = as.numeric(page$cusum)), run_lengths = arls
  ),
  auto_unbox = TRUE, digits = 10, na = "null"
), "\n")
