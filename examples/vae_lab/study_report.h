#pragma once

#include <string>
#include <vector>

#include "examples/vae_lab/study_rows.h"
#include "examples/vae_lab/study_training.h"

// What the study shows to people.
namespace vae::lab {

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

// How the predictions did. Trainings that have settled are counted apart from those that are
// undecided as yet; those on the border, that ended in NaN or have not learned are not counted.
struct Score {
  int settled = 0, right = 0;           // of those that settled
  int undecided = 0, as_predicted = 0;  // of those that did not: moving the predicted way
  int on_border = 0, not_finite = 0, not_learned = 0;
};
Score score(const Study& study, const StudyData& data);
// "Of 24 trainings that have settled, 24 went as predicted; ..."
std::string in_words(const Score& score);

// The reconstructions of the same nine images under each loss, trained with Adam, below the images
// themselves; a PNG, see pictures::write_tiles.
void draw_reconstructions(const std::string& path, const Study& study, const StudyData& data);
// The same under each weight of the sweep.
void draw_sweep_reconstructions(const std::string& path, const Study& study, const StudyData& data);

// The KL divergence against the weight, with the critical weight and the curve of the linear
// theory; a PNG, see nn::plot::write_figure().
void plot_kl_against_weight(const std::string& path, const Study& study, const StudyData& data);

}  // namespace vae::lab
