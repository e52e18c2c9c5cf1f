#pragma once

#include <string>
#include <vector>

#include "examples/vae_lab/study_rows.h"
#include "examples/vae_lab/study_training.h"

// The texts and pictures of the study.
namespace vae::lab {

struct FinishedRow {
  StudyRow row;
  Outcome outcome;
};

struct Study {
  std::string data;     // the value of --data
  std::string command;  // the command that repeats the study
  std::vector<FinishedRow> table, sweep;
};

// The report in Markdown: tables with predictions and measurements, and an explanation of the
// tables.
std::string study_markdown(const Study& study, const StudyData& data);

// Counts the predictions that are right. Settled and undecided trainings are counted separately.
// Trainings that are on the border, ended in NaN, or have not learned are not counted as
// predictions.
struct Score {
  int settled = 0, right = 0;           // settled trainings; those that agree with the prediction
  int undecided = 0, as_predicted = 0;  // undecided trainings; those that move as predicted
  int on_border = 0, not_finite = 0, not_learned = 0;
};
Score score(const Study& study, const StudyData& data);
// "24 of 24 settled trainings agree with the prediction; ..."
std::string in_words(const Score& score);

// Draws nine images and, below them, their reconstructions by each loss, trained with Adam. Writes
// a PNG with pictures::write_tiles().
void draw_reconstructions(const std::string& path, const Study& study, const StudyData& data);
// Draws the same for each weight of the sweep.
void draw_sweep_reconstructions(const std::string& path, const Study& study, const StudyData& data);

// Plots the KL divergence against the weight, with the critical weight and the curve of the linear
// theory. Writes a PNG with nn::plot::write_figure().
void plot_kl_against_weight(const std::string& path, const Study& study, const StudyData& data);

}  // namespace vae::lab
