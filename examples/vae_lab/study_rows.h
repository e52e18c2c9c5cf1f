#pragma once

#include <string>
#include <vector>

#include "examples/vae_lab/options.h"

// The trainings that examples/vae_lab/study makes: the rows of its two tables.
namespace vae::lab {

struct StudyRow {
  std::string name;    // table.mean_squared_error.adam, sweep.0.05
  LabOptions options;  // the options of the training
};

// The trainings with each reconstruction term and each optimizer of the question: Adam, AdaDelta,
// SGD. The other options are those of `common`.
std::vector<StudyRow> table_rows(const LabOptions& common);

// The trainings with sum_squared_error, Adam, and weights c from a fifth of the critical weight to
// fifty times the critical weight, denser near the critical weight. On MNIST the weights are 0.02,
// 0.05, 0.08, 0.09, 0.11, 0.13, 0.2, 0.5, 1, 2, 5. On other data they have the same ratios to the
// critical weight as on MNIST. Throws unless the critical weight is finite: it is infinite if all
// images are the same.
std::vector<StudyRow> sweep_rows(const LabOptions& common, double critical_weight);

}  // namespace vae::lab
