#pragma once

#include <string>
#include <vector>

#include "examples/vae/study_rows.h"
#include "examples/vae/study_training.h"

// What the study shows to people.
namespace vae {

struct FinishedRow {
  StudyRow row;
  Outcome outcome;
};

struct Study {
  std::string data;     // what --data said
  std::string command;  // that makes it again
  std::vector<FinishedRow> table, sweep;
};

// The tables, with what was predicted and what was measured, and how to read them; Markdown.
std::string study_markdown(const Study& study, const StudyData& data);

// How many predictions there are that the trainings could prove right or wrong, how many of these
// are right, and how many of the trainings are undecided.
struct Score {
  int predictions = 0, right = 0, undecided = 0;
};
Score score(const Study& study, const StudyData& data);

// The reconstructions of the same nine images under each loss, trained with Adam, below the images
// themselves; a PNG, see pictures::write_tiles.
void draw_reconstructions(const std::string& path, const Study& study, const StudyData& data);

// The KL divergence against the weight, with the critical weight and the curve of the linear
// theory; a PNG, see pictures::write_plot for the result.
bool plot_kl_against_weight(const std::string& path, const Study& study, const StudyData& data);

}  // namespace vae
