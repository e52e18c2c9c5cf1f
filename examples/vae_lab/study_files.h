#pragma once

#include <optional>
#include <string>

#include "examples/vae_lab/study_rows.h"
#include "examples/vae_lab/study_training.h"

// Saves each finished row in a file, so that a study can be interrupted.
namespace vae::lab {

// Writes FOLDER/ROW.json, atomically: the outcome, and the settings that it depends on. The outcome
// does not depend on the number of threads.
void save_row(const std::string& folder, const StudyRow& row, const StudyData& data,
              const Outcome& outcome);

// Returns the outcome in this file, if the file exists, is readable, and belongs to a training with
// these settings on these images.
std::optional<Outcome> load_row(const std::string& folder, const StudyRow& row,
                                const StudyData& data);

}  // namespace vae::lab
