#include "nn/training/extensions/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <vector>

#include "nn/files/json.h"
#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {
namespace {

namespace fs = std::filesystem;

// The values that a file name may contain.
LogEntry values(std::int64_t iteration, std::int64_t epoch, double epoch_detail) {
  return {{"iteration", iteration}, {"epoch", epoch}, {"epoch_detail", epoch_detail}};
}

// The files that match a pattern, oldest first. Among files with the same time, smaller numbers are
// older.
std::vector<fs::path> files_like(const std::string& pattern, const std::string& out) {
  const fs::path folder = fs::path(out) / fs::path(pattern).parent_path();
  const std::string name_pattern = fs::path(pattern).filename().string();
  std::vector<std::tuple<fs::file_time_type, std::vector<double>, fs::path>> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto read =
        text::unformat(name_pattern, entry.path().filename().string(), values(0, 0, 0), "snapshot");
    if (!read || !fs::is_regular_file(entry.symlink_status(ignored))) continue;
    std::vector<double> numbers;
    for (const auto& item : *read) numbers.push_back(item.second);
    found.emplace_back(entry.last_write_time(ignored), numbers, entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> paths;
  for (const auto& file : found) paths.push_back(std::get<fs::path>(file));
  return paths;
}

std::string absolute_path(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

}  // namespace

Snapshot snapshot(SnapshotOptions options) { return {{}, std::move(options)}; }

serializers::Serialize Snapshot::target(Trainer& trainer) const {
  return target_ ? target_ : serializers::serialize_of(trainer);
}

void Snapshot::restore(Trainer& trainer) {
  if (!options_.autoload) return;
  const auto files = files_like(options_.filename, trainer.out());
  std::string newest_is;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    try {
      return serializers::load_npz(file->string(), target(trainer));
    } catch (const autograd::Error& error) {  // loading has changed nothing
      if (newest_is.empty()) newest_is = error.what();
      const std::string warning =
          fmt::format("snapshot: autoload skips {}: {}\n", file->string(), error.what());
      // If the warning cannot be printed, the training continues anyway.
      if (options_.warnings != nullptr && std::fputs(warning.c_str(), options_.warnings) >= 0)
        std::fflush(options_.warnings);
    }
  }
  if (!files.empty())
    throw autograd::Error(
        fmt::format("snapshot: autoload must find a file that can be loaded, but none of the {} "
                    "files in {} can be loaded, the newest because {}",
                    files.size(), trainer.out(), newest_is));
}

// Deletes files that a killed training did not delete any more.
void Snapshot::initialize(Trainer& trainer) {
  const std::string folder =
      absolute_path(fs::path(trainer.out()) / fs::path(options_.filename).parent_path() / "");
  const std::string name_pattern = fs::path(options_.filename).filename().string();
  // Files in another folder, from which the training was resumed, are kept. A malicious snapshot
  // cannot name other files either.
  std::erase_if(written_, [&](const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    return path != folder + name ||
           !text::unformat(name_pattern, name, values(0, 0, 0), "snapshot");
  });
  delete_old();
}

void Snapshot::delete_old() {
  if (options_.n_retains <= 0) return;
  while (written_.size() > static_cast<std::size_t>(options_.n_retains)) {
    std::error_code ignored;
    fs::remove(written_.front(), ignored);
    written_.erase(written_.begin());
  }
}

void Snapshot::operator()(Trainer& trainer) {
  if (!options_.condition || options_.condition()) save(trainer);
}

std::string Snapshot::on_stop(Trainer& trainer) {
  if (target_) return {};  // a training cannot be resumed from a part of it
  if (last_ != path(trainer)) (*this)(trainer);
  return last_ == path(trainer) ? last_ : std::string();
}

void Snapshot::on_error(Trainer& trainer, const std::exception&) {
  if (options_.snapshot_on_error) save(trainer);
}

std::string Snapshot::path(Trainer& trainer) const {
  const Updater& updater = trainer.updater();
  return trainer.out() + "/" +
         text::format(options_.filename,
                      values(updater.iteration(), updater.epoch(), updater.epoch_detail()),
                      "snapshot");
}

void Snapshot::save(Trainer& trainer) {
  const std::string path = this->path(trainer);
  // The name is added to the list first, because the list is saved, too. The list is kept only if
  // it is needed.
  if (options_.n_retains > 0) {
    std::erase(written_, absolute_path(path));
    written_.push_back(absolute_path(path));
  }
  // Until the file is complete, its name begins with tmp.
  serializers::save_npz(path, serializers::save(target(trainer)), options_.compression);
  last_ = path;
  delete_old();
}

void Snapshot::serialize(Serializer& s) {
  if (s.is_saving()) {
    if (options_.n_retains > 0) s.value("_written", json::dumps(written_));
  } else if (s.contains("_written")) {
    std::vector<std::string> written = json::load_names(s.value("_written", ""), "snapshot");
    if (s.is_loading()) written_ = std::move(written);
  }
}

}  // namespace nn::training::extensions
