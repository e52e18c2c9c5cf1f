// Studies why a VAE collapses. Trains the VAE with every reconstruction term and optimizer, and
// with weights below and above the critical weight. Writes the predictions and the measured
// results.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/machine/parallel.h"
#include "examples/flags/flags.h"
#include "examples/pictures/draw_results.h"
#include "examples/vae_lab/rare_squares.h"
#include "examples/vae_lab/study_files.h"
#include "examples/vae_lab/study_options.h"
#include "examples/vae_lab/study_progress.h"
#include "examples/vae_lab/study_report.h"
#include "examples/vae_lab/study_rows.h"
#include "examples/vae_lab/study_training.h"
#include "examples/vae_lab/study_verdict.h"
#include "nn/files/write_file.h"

namespace {

namespace lab = vae::lab;

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    throw autograd::Error(
        fmt::format("study: --out must be a folder that can be created, but creating {} failed: {}",
                    path, error.message()));
}

std::string command(const lab::StudyOptions& options) {
  const lab::LabOptions& o = options.common;
  std::string words = "examples/vae_lab/study --data " + o.data;
  if (options.epoch) words += fmt::format(" --epoch {}", *options.epoch);
  if (options.sweep) words += " --sweep";
  return words + fmt::format(" --seed {}", o.seed);
}

// Loads the finished rows from their files, and trains the other rows.
std::vector<lab::FinishedRow> finish(const std::vector<lab::StudyRow>& rows,
                                     const lab::StudyData& data, const std::string& folder) {
  std::vector<lab::FinishedRow> finished;
  std::vector<std::size_t> ahead;
  int epochs = 0;
  for (const lab::StudyRow& row : rows) {
    const auto outcome = lab::load_row(folder, row, data);
    if (!outcome) {
      ahead.push_back(finished.size());
      epochs += row.options.epoch;
    }
    finished.push_back({row, outcome.value_or(lab::Outcome{})});
  }
  say(fmt::format("{} trainings, {} of them already done", rows.size(),
                  rows.size() - ahead.size()));

  lab::StudyProgress progress(stdout, static_cast<int>(ahead.size()), epochs);
  for (const std::size_t i : ahead) {
    auto& [row, outcome] = finished[i];
    progress.begin(row.name, row.options.epoch);
    outcome = lab::train_row(row.options, data, [&](int epoch) { progress.epoch_done(epoch); });
    lab::save_row(folder, row, data, outcome);
    progress.end(lab::in_words(lab::measured(outcome, data), outcome));
  }
  return finished;
}

void write_results(const std::string& out, const lab::Study& study, const lab::StudyData& data) {
  nn::write_file(out + "/study.md", lab::study_markdown(study, data), "study");
  std::string written = "study.md, sweep_reconstructions.png";
  lab::draw_sweep_reconstructions(out + "/sweep_reconstructions.png", study, data);
  if (!study.table.empty()) {
    lab::draw_reconstructions(out + "/reconstructions.png", study, data);
    written += ", reconstructions.png";
  }
  const std::string curve = "kl_against_weight.png";
  std::vector<std::string> missing;
  const auto draw = [&] { lab::plot_kl_against_weight(out + "/" + curve, study, data); };
  if (pictures::draw_if_possible(curve, draw, missing))
    written += ", " + curve;
  else
    say(missing[0]);

  say(lab::in_words(lab::score(study, data)));
  say(fmt::format("In {}/: {}.", out, written));
}

void run(const lab::StudyOptions& options) {
  lab::LabOptions common = options.common;
  if (common.threads > 0) autograd::parallel::set_threads(common.threads);
  const lab::StudyData data = lab::study_data(lab::load_images(common.data, false, false));
  say(fmt::format(
      "Data: {}: {} training images, {} test images, {}x{} pixels; variance {:.5g}, border c* = "
      "{:.4g}",
      common.data, data.images.train.length(0), data.images.test.length(0), data.images.width,
      data.images.height, data.total_variance, data.critical_weight));

  const lab::StudyEpochs epochs = lab::study_epochs(options, data.images.train.length(0));
  common.epoch = epochs.table;
  std::vector<lab::StudyRow> rows;
  if (!options.sweep) rows = lab::table_rows(common);
  const auto in_table = static_cast<std::ptrdiff_t>(rows.size());
  common.epoch = epochs.sweep;
  for (lab::StudyRow& row : lab::sweep_rows(common, data.critical_weight))
    rows.push_back(std::move(row));

  make_folder(common.out + "/rows");
  const std::vector<lab::FinishedRow> finished = finish(rows, data, common.out + "/rows");
  write_results(common.out,
                {.data = common.data,
                 .command = command(options),
                 .table = {finished.begin(), finished.begin() + in_table},
                 .sweep = {finished.begin() + in_table, finished.end()}},
                data);
}

}  // namespace

int main(int argc, char** argv) {
  return flags::run_program(
      "study", [&] { return lab::parse_study_options(argc, argv, std::cout); }, run);
}
