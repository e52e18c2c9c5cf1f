#include "nn/training/extensions/log_report.h"

#include "nn/files/json.h"
#include "nn/files/write_file.h"
#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

void LogReport::operator()(Trainer& trainer) {
  if (options_.keys) {
    Observation chosen;
    for (const std::string& key : *options_.keys)
      if (const Observed* value = trainer.observation().find(key)) chosen[key] = *value;
    summary_.add(chosen);
  } else {
    summary_.add(trainer.observation());
  }
  // The trigger is not called before training.
  if (!trainer.is_before_training() && !options_.trigger(trainer)) return;

  LogEntry entry;
  for (const auto& [name, mean] : summary_.compute_mean()) entry[name] = mean;
  entry["epoch"] = trainer.updater().epoch();
  entry["iteration"] = trainer.updater().iteration();
  entry["elapsed_time"] = trainer.elapsed_time();
  if (options_.postprocess) options_.postprocess(entry);
  log_.push_back(entry);
  summary_ = {};
  if (!options_.filename.empty())
    write_file(trainer.out() + "/" + text::format(options_.filename, entry, "LogReport"),
               json::dumps_indented(log_, options_.strict_json), "LogReport");
}

void LogReport::serialize(Serializer& s) {
  options_.trigger.serialize(s["_trigger"]);
  summary_.serialize(s["_summary"]);
  if (s.is_saving()) {
    s.value("_log", json::dumps(log_));
  } else if (s.contains("_log") || s["_summary"].contains("_names")) {
    std::vector<LogEntry> log = json::load_log(s.value("_log", ""), "LogReport");
    if (s.is_loading()) log_ = std::move(log);
  }
}

}  // namespace nn::training::extensions
