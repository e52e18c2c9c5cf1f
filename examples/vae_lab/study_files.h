#pragma once

#include <optional>
#include <string>

#include "examples/vae_lab/study_rows.h"
#include "examples/vae_lab/study_training.h"

// The rows that are done, one file each, so that a study can be interrupted.
namespace vae::lab {

// Writes FOLDER/ROW.json, whole or not at all: the outcome, and the settings it depends on. How
// many threads computed it is none of these.
void save_row(const std::string& folder, const StudyRow& row, const StudyData& data,
              const Outcome& outcome);

// The outcome in that file, if it is there, can be read, and was trained with these settings on
// these images.
std::optional<Outcome> load_row(const std::string& folder, const StudyRow& row,
                                const StudyData& data);

}  // namespace vae::lab
