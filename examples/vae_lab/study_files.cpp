#include "examples/vae_lab/study_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "nn/files/read_file.h"
#include "nn/files/write_file.h"

namespace vae::lab {
namespace {

using Json = nlohmann::ordered_json;

// Increase this version when the same settings give other numbers than before.
constexpr int kVersion = 1;

std::string path_of(const std::string& folder, const StudyRow& row) {
  return fmt::format("{}/{}.json", folder, row.name);
}

// A text that identifies the images: other images hardly ever have the same text.
std::string fingerprint(const StudyData& data) {
  return fmt::format("{} + {} images of {}x{} pixels, variance {:.7g} and {:.7g}",
                     data.images.train.length(0), data.images.test.length(0), data.images.width,
                     data.images.height, data.total_variance, data.tested_variance);
}

Json settings(const StudyRow& row, const StudyData& data) {
  const LabOptions& o = row.options;
  Json s;
  s["version"] = kVersion;
  s["images"] = fingerprint(data);
  s["loss"] = o.loss;
  s["rec_weight"] = o.rec_weight;
  s["beta"] = o.beta;
  s["k"] = o.k;
  s["optimizer"] = o.optimizer;
  s["epoch"] = o.epoch;
  s["batch_size"] = o.batch_size;
  s["dim_z"] = o.dim_z;
  s["dim_h"] = o.dim_h;
  s["layers"] = o.layers;
  s["act"] = o.act;
  s["init"] = o.init;
  s["seed"] = o.seed;
  return s;
}

// JSON has no NaN: it becomes null.
double number(const Json& value) { return value.is_null() ? NAN : value.get<double>(); }

}  // namespace

void save_row(const std::string& folder, const StudyRow& row, const StudyData& data,
              const Outcome& outcome) {
  Json file;
  file["settings"] = settings(row, data);
  for (const EpochMeans& means : outcome.epochs) {
    Json epoch;
    epoch["loss"] = means.loss;
    epoch["rec_loss"] = means.rec_loss;
    epoch["kl"] = means.kl;
    file["epochs"].push_back(std::move(epoch));
  }
  file["nan_epoch"] = outcome.nan_epoch ? Json(*outcome.nan_epoch) : Json();
  file["active_units"] = outcome.active_units;
  file["output_spread"] = outcome.output_spread;
  file["squared_error"] = outcome.squared_error;
  file["reconstructions"] = outcome.reconstructions;
  nn::write_file(path_of(folder, row), file.dump() + "\n", "study");
}

std::optional<Outcome> load_row(const std::string& folder, const StudyRow& row,
                                const StudyData& data) {
  const std::string path = path_of(folder, row);
  if (!std::filesystem::exists(path)) return {};
  constexpr std::uint64_t kMost = 1u << 30;
  const nn::Bytes bytes = nn::read_file(path, "study", kMost);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  const Json file = Json::parse(text, text + bytes.size(), nullptr, false);
  try {
    if (file.is_discarded() || file.at("settings") != settings(row, data)) return {};
    Outcome outcome;
    for (const Json& epoch : file.at("epochs"))
      outcome.epochs.push_back(
          {number(epoch.at("loss")), number(epoch.at("rec_loss")), number(epoch.at("kl"))});
    if (outcome.epochs.empty()) return {};
    if (!file.at("nan_epoch").is_null()) outcome.nan_epoch = file.at("nan_epoch").get<int>();
    outcome.active_units = file.at("active_units").get<int>();
    outcome.output_spread = number(file.at("output_spread"));
    outcome.squared_error = number(file.at("squared_error"));
    file.at("reconstructions").get_to(outcome.reconstructions);
    const auto size = static_cast<std::size_t>(data.shown.length(1));
    if (outcome.reconstructions.size() != static_cast<std::size_t>(data.shown.length(0)) ||
        std::any_of(outcome.reconstructions.begin(), outcome.reconstructions.end(),
                    [size](const auto& pixels) { return pixels.size() != size; }))
      return {};
    return outcome;
  } catch (const Json::exception&) {
    return {};  // the file has another form: train again
  }
}

}  // namespace vae::lab
