#include "nn/training/extensions/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <vector>

#include "nn/training/text.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {
namespace {

namespace fs = std::filesystem;

// The files that a pattern may have named, oldest first. Of the same moment, shorter names are
// older: iteration 9 came before 10.
std::vector<fs::path> files_like(const std::string& pattern, const std::string& folder) {
  const auto open = pattern.find('{'), close = pattern.rfind('}');
  const std::string prefix = pattern.substr(0, open);
  const std::string suffix = close == std::string::npos ? pattern : pattern.substr(close + 1);
  std::vector<std::tuple<fs::file_time_type, std::size_t, fs::path>> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(suffix) && entry.is_regular_file(ignored))
      found.emplace_back(entry.last_write_time(ignored), name.size(), entry.path());
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> paths;
  for (const auto& file : found) paths.push_back(std::get<fs::path>(file));
  return paths;
}

}  // namespace

Snapshot snapshot(SnapshotOptions options) { return {{}, std::move(options)}; }

serializers::Serialize Snapshot::target(Trainer& trainer) const {
  return target_ ? target_ : serializers::serialize_of(trainer);
}

void Snapshot::restore(Trainer& trainer) {
  if (!options_.autoload) return;
  const auto files = files_like(options_.filename, trainer.out());
  if (!files.empty()) serializers::load_npz(files.back().string(), target(trainer));
}

void Snapshot::operator()(Trainer& trainer) {
  if (!options_.condition || options_.condition()) save(trainer);
}

void Snapshot::on_error(Trainer& trainer, const std::exception&) {
  if (options_.snapshot_on_error) save(trainer);
}

void Snapshot::save(Trainer& trainer) const {
  const LogEntry values = {{"iteration", trainer.updater().iteration()},
                           {"epoch", trainer.updater().epoch()},
                           {"epoch_detail", trainer.updater().epoch_detail()}};
  const std::string name = text::format(options_.filename, values, "snapshot");
  const std::string path = trainer.out() + "/" + name;
  // Until it is whole, its name begins with tmp: autoload does not take it for a snapshot.
  serializers::save_npz(path, serializers::save(target(trainer)), options_.compression);

  std::error_code error;
  if (options_.n_retains <= 0) return;
  auto files = files_like(options_.filename, trainer.out());
  const auto retained = static_cast<std::size_t>(options_.n_retains);
  for (std::size_t i = 0; i + retained < files.size(); ++i) fs::remove(files[i], error);
}

}  // namespace nn::training::extensions
