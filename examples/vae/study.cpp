// Answers the question "but why?": trains the VAE under every reconstruction term and optimizer,
// and with weights across the critical one, and writes what was predicted beside what came of it.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/base/parallel.h"
#include "examples/flags/flags.h"
#include "examples/vae/data.h"
#include "examples/vae/study_files.h"
#include "examples/vae/study_options.h"
#include "examples/vae/study_progress.h"
#include "examples/vae/study_report.h"
#include "examples/vae/study_rows.h"
#include "examples/vae/study_training.h"
#include "examples/vae/study_verdict.h"
#include "nn/files/write_file.h"

namespace {

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    throw autograd::Error(
        fmt::format("study: --out must be a folder that can be made, but making {} failed: {}",
                    path, error.message()));
}

std::string command(const vae::StudyOptions& options) {
  const vae::Options& o = options.common;
  std::string words = "examples/vae/study --data " + o.data;
  if (options.epoch) words += fmt::format(" --epoch {}", *options.epoch);
  return words + fmt::format(" --seed {}", o.seed);
}

// Takes the rows that are done already from their files, and trains the others.
std::vector<vae::FinishedRow> finish(const std::vector<vae::StudyRow>& rows,
                                     const vae::StudyData& data, const std::string& folder) {
  std::vector<vae::FinishedRow> finished;
  std::vector<std::size_t> ahead;
  int epochs = 0;
  for (const vae::StudyRow& row : rows) {
    const auto outcome = vae::load_row(folder, row, data);
    if (!outcome) {
      ahead.push_back(finished.size());
      epochs += row.options.epoch;
    }
    finished.push_back({row, outcome.value_or(vae::Outcome{})});
  }
  say(fmt::format("{} trainings, {} of them done already", rows.size(),
                  rows.size() - ahead.size()));

  vae::StudyProgress progress(stdout, static_cast<int>(ahead.size()), epochs);
  for (const std::size_t i : ahead) {
    auto& [row, outcome] = finished[i];
    progress.begin(row.name, row.options.epoch);
    outcome = vae::train_row(row.options, data, [&](int epoch) { progress.epoch_done(epoch); });
    vae::save_row(folder, row, data, outcome);
    progress.end(vae::in_words(vae::measured(outcome, data), outcome));
  }
  return finished;
}

void write_results(const std::string& out, const vae::Study& study, const vae::StudyData& data) {
  nn::write_file(out + "/study.md", vae::study_markdown(study, data), "study");
  vae::draw_reconstructions(out + "/reconstructions.png", study, data);
  std::string written = "study.md, reconstructions.png";
  if (vae::plot_kl_against_weight(out + "/kl_against_weight.png", study, data))
    written += ", kl_against_weight.png";
  else
    say("kl_against_weight.png is not written: this program was built without cairo.");
  const vae::Score score = vae::score(study, data);
  say(fmt::format("The prediction is right in {} of {} trainings, {} of them undecided as yet.",
                  score.right, score.predictions, score.undecided));
  say(fmt::format("In {}/: {}.", out, written));
}

void run(const vae::StudyOptions& options) {
  vae::Options common = options.common;
  if (common.threads > 0) autograd::parallel::set_threads(common.threads);
  const vae::StudyData data = vae::study_data(vae::load_images(common.data, false, false));
  say(fmt::format(
      "Data: {}: {} images to train with, {} to test, {}x{} pixels; variance {:.5g}, "
      "critical weight c* = {:.4g}",
      common.data, data.images.train.length(0), data.images.test.length(0), data.images.width,
      data.images.height, data.total_variance, data.critical_weight));

  const vae::StudyEpochs epochs = vae::study_epochs(options, data.images.train.length(0));
  common.epoch = epochs.table;
  std::vector<vae::StudyRow> rows = vae::table_rows(common);
  const auto in_table = static_cast<std::ptrdiff_t>(rows.size());
  common.epoch = epochs.sweep;
  for (vae::StudyRow& row : vae::sweep_rows(common, data.critical_weight))
    rows.push_back(std::move(row));

  make_folder(common.out + "/rows");
  const std::vector<vae::FinishedRow> finished = finish(rows, data, common.out + "/rows");
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
      "study", [&] { return vae::parse_study_options(argc, argv, std::cout); }, run);
}
