#pragma once

#include <string>
#include <vector>

#include "examples/vae_lab/options.h"

// The trainings that examples/vae_lab/study makes: the rows of its two tables.
namespace vae::lab {

struct StudyRow {
  std::string name;    // table.mean_squared_error.adam, sweep.0.05
  LabOptions options;  // as if train_vae were told them
};

// Each reconstruction term with each optimizer of the question: Adam, AdaDelta, SGD. What else the
// trainings have in common is in `common`.
std::vector<StudyRow> table_rows(const LabOptions& common);

// sum_squared_error with weights c from a fifth of the critical weight to fifty times it, closest
// together around it, under Adam. On MNIST they are 0.02, 0.05, 0.08, 0.09, 0.11, 0.13, 0.2, 0.5,
// 1, 2, 5; on other data they lie as far from the critical weight as these do from MNIST's. Throws
// unless that weight is finite: images that are all the same have none.
std::vector<StudyRow> sweep_rows(const LabOptions& common, double critical_weight);

}  // namespace vae::lab
