# Ratios and their intervals of 2 x 2 tables, as generalised linear models and stats::chisq.test of base R give them.
#
#   Rscript tests/models/detection/r/disproportionality_references.R > tests/models/detection/r/disproportionality_references.json
#
# Made with R 4.2.2, jsonlite.
library(jsonlite)
tables <- list(c(25, 1975, 1000, 97000), c(3, 97, 500, 99400), c(100, 100, 100, 99700), c(5, 995, 2000, 97000), c(12, 18, 30, 40))
results <- lapply(tables, function(t) {
  affected <- matrix(c(t[1], t[3], t[2], t[4]), nrow = 2)
  inside <- c(1, 0)
  share <- c(t[1] / (t[1] + t[2]), t[3] / (t[3] + t[4]))
  ratio_of <- function(link) {
    scale <- binomial(link = link)
    start <- c(scale$linkfun(share[2]), scale$linkfun(share[1]) - scale$linkfun(share[2]))
    fit <- glm(affected ~ inside, family = scale, start = start, control = list(epsilon = 1e-12))
    exp(unname(c(coef(fit)[2], confint.default(fit, level = 0.95)[2, ])))
  }
  chi <- suppressWarnings(chisq.test(affected, correct = TRUE))
  list(
    table = t, prr = ratio_of("log"), ror = ratio_of("logit"),
    chi_squared = unname(chi$statistic), p_value = chi$p.value
  )
})
cat(toJSON(list(r = R.version.string, tables = results), auto_unbox = TRUE, digits = 10), "\n")
