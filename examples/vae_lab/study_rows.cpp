#include "examples/vae_lab/study_rows.h"

#include <fmt/format.h>

#include <cmath>

#include "autograd/base/error.h"
#include "examples/vae_lab/rec_loss.h"

namespace vae::lab {
namespace {

constexpr double kCriticalOfMnist = 0.097718;

// Rounds to three digits, so that a weight is easy to read and to type.
double rounded(double weight) {
  const double unit = std::pow(10., std::floor(std::log10(weight)) - 2);
  return std::stod(fmt::format("{:.3g}", std::round(weight / unit) * unit));
}

}  // namespace

std::vector<StudyRow> table_rows(const LabOptions& common) {
  std::vector<StudyRow> rows;
  for (const RecLoss& loss : rec_losses()) {
    for (const char* optimizer : {"adam", "ada_delta", "sgd"}) {
      StudyRow& row = rows.emplace_back();
      row.name = fmt::format("table.{}.{}", loss.name, optimizer);
      row.options = common;
      row.options.loss = loss.name;
      row.options.optimizer = optimizer;
    }
  }
  return rows;
}

std::vector<StudyRow> sweep_rows(const LabOptions& common, double critical_weight) {
  if (!std::isfinite(critical_weight) || critical_weight <= 0)
    throw autograd::Error("study: the training images must differ, but they are all the same");
  std::vector<StudyRow> rows;
  for (const double on_mnist : {0.02, 0.05, 0.08, 0.09, 0.11, 0.13, 0.2, 0.5, 1., 2., 5.}) {
    StudyRow& row = rows.emplace_back();
    row.options = common;
    row.options.loss = "sum_squared_error";
    row.options.optimizer = "adam";
    row.options.rec_weight = rounded(on_mnist * critical_weight / kCriticalOfMnist);
    row.name = fmt::format("sweep.{:g}", row.options.rec_weight);
  }
  return rows;
}

}  // namespace vae::lab
