# Judges the series of a folder with a method of R's package surveillance.
#
# Usage: Rscript references.R FOLDER METHOD
# Reads from FOLDER, without headers, a row per series: quiet.csv and counts.csv (counts by period, oldest first) and
# wanted.csv (1 for the judged periods of counts.csv that are needed; those of quiet.csv are all needed).
# Writes quiet_score.csv, quiet_alarm.csv, score.csv, alarm.csv (a column per judged period, NA where not needed) and
# seconds.csv (CPU time, judged
# periods, series that the method gave up on, of both files together).

suppressPackageStartupMessages(library(surveillance))

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
method <- arguments[2]
alpha <- 0.01

read_matrix <- function(name) {
  as.matrix(read.csv(file.path(folder, name), header = FALSE))
}

write_matrix <- function(values, name) {
  write.table(values, file.path(folder, name), sep = ",", row.names = FALSE, col.names = FALSE, na = "NA")
}

normal_score <- function(p) {
  pmax(qnorm(pmin(pmax(p, 1e-300), 1), lower.tail = FALSE), -10)
}

# Settings of Noufaily et al. 2013 as the package's documentation gives them.
farrington <- function(series, range, frequency = 52, years = 5, levels = 10, guard = 26) {
  control <- list(
    range = range, b = years, w = 3, reweight = TRUE, weightsThreshold = 2.58, alpha = alpha,
    trend = TRUE, pThresholdTrend = 1, limit54 = c(5, 4), noPeriods = levels, pastWeeksNotIncluded = guard,
    thresholdMethod = "nbPlugin", glmWarnings = FALSE
  )
  found <- farringtonFlexible(sts(series, frequency = frequency), control)
  p <- found@control$pvalue
  list(score = normal_score(ifelse(is.na(p), 1, p)), alarm = as.vector(found@alarm))
}

# For histories of two years.
farrington_short <- function(series, range) {
  farrington(series, range, years = 2)
}

# On running sums of seven days, with the settings of Noufaily et al. 2019.
farrington_daily <- function(series, range) {
  farrington(series, range, frequency = 364, years = 4, levels = 1, guard = 12)
}

# Rossi's CUSUM on a seasonal mean, the package's defaults for reference value and limit.
cusum <- function(series, range) {
  disease <- create.disProg(week = seq_along(series), observed = series, state = 0 * series, start = c(1, 1), freq = 52)
  found <- algo.cusum(disease, list(range = range, k = 1.04, h = 2.26, m = "glm", trans = "rossi"))
  list(score = found$cusum, alarm = found$alarm)
}

# Bayes 2 of the package: the six weeks before, and thirteen around the same week of the year before.
bayes <- function(series, range) {
  disease <- create.disProg(week = seq_along(series), observed = series, state = 0 * series, start = c(1, 1), freq = 52)
  found <- algo.bayes(disease, list(range = range, b = 1, w = 6, actY = TRUE, alpha = alpha))
  tail <- sapply(range, function(t) {
    past <- series[c((t - 6):(t - 1), (t - 52 - 6):(t - 52 + 6))]
    pnbinom(series[t] - 1, size = sum(past) + 0.5, prob = length(past) / (length(past) + 1), lower.tail = FALSE)
  })
  list(score = normal_score(tail), alarm = as.vector(found$alarm))
}

# Negative binomial generalised likelihood ratio for a shift of the level, on a seasonal mean.
glrnb <- function(series, range) {
  disease <- create.disProg(week = seq_along(series), observed = series, state = 0 * series, start = c(1, 1), freq = 52)
  found <- algo.glrnb(disease, list(
    range = range, c.ARL = 5, mu0 = list(S = 1, trend = TRUE), M = 26, Mtilde = 1, change = "intercept", ret = "value"
  ))
  list(score = as.vector(found$upperbound), alarm = as.vector(found$alarm))
}

judges <- list(
  farrington = farrington, farrington_short = farrington_short, farrington_daily = farrington_daily, cusum = cusum, bayes = bayes, glrnb = glrnb
)
# These go on from week to week, so all judged weeks have to be run.
recursive <- c("cusum", "glrnb")
judge <- judges[[method]]
if (is.null(judge)) stop("no method ", method)
failures <- 0

judge_all <- function(counts, wanted) {
  judged <- ncol(wanted)
  first <- ncol(counts) - judged
  score <- matrix(NA_real_, nrow(counts), judged)
  alarm <- matrix(NA_real_, nrow(counts), judged)
  for (row in seq_len(nrow(counts))) {
    needed <- which(wanted[row, ] == 1)
    if (length(needed) == 0) next
    # Ranges with gaps are beyond farringtonFlexible.
    columns <- if (method %in% recursive) seq_len(judged) else seq(min(needed), max(needed))
    found <- tryCatch(suppressWarnings(judge(counts[row, ], first + columns)), error = function(e) NULL)
    if (is.null(found)) {
      # A method that gives up on a series raises no alarm there.
      failures <<- failures + 1
      found <- list(score = rep(-10, length(columns)), alarm = rep(0, length(columns)))
    }
    score[row, columns] <- found$score
    alarm[row, columns] <- found$alarm
  }
  list(score = score, alarm = alarm)
}

wanted <- read_matrix("wanted.csv")
quiet <- read_matrix("quiet.csv")
counts <- read_matrix("counts.csv")
spent <- system.time({
  without <- judge_all(quiet, matrix(1, nrow(quiet), ncol(wanted)))
})
with_outbreak <- judge_all(counts, wanted)
write_matrix(without$score, "quiet_score.csv")
write_matrix(without$alarm, "quiet_alarm.csv")
write_matrix(with_outbreak$score, "score.csv")
write_matrix(with_outbreak$alarm, "alarm.csv")
write_matrix(cbind(spent[["user.self"]] + spent[["sys.self"]], length(wanted), failures), "seconds.csv")
