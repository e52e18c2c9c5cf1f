#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "nn/serializers/save_load.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct SnapshotOptions {
  // The file name in the result folder; {iteration}, {epoch} and {epoch_detail} are replaced by
  // their values.
  std::string filename = "snapshot_iter_{.updater.iteration}";
  std::function<bool()> condition = {};  // whether to take it; always, unless given
  bool snapshot_on_error = false;        // take one, too, when an exception ends the training
  // How many files to keep; if not positive, all. Deletes only files that this extension wrote, in
  // this training or in the one that it was resumed from.
  int n_retains = -1;
  // Before training, load the newest file whose name matches `filename`. For
  // snapshot_iter_{iteration}, snapshot_iter_100 matches; snapshot_iter_best,
  // snapshot_iter_100_backup and symbolic links do not. If a file is damaged or of another model,
  // prints a warning to `warnings` and tries the next older one; if none can be loaded, run()
  // throws.
  bool autoload = false;
  std::FILE* warnings = stderr;  // nullptr: nowhere
  bool compression = true;
};

// Saves the trainer, or another object, by default in each epoch, after all other extensions. The
// trainer is also saved if a signal ends the training (RunOptions::stop_on_signal). The file is
// written under a name that begins with tmp and then renamed. chainer.training.extensions.snapshot.
//
//   trainer.extend(extensions::snapshot());    // result/snapshot_iter_600, ...
//
//   // Resume, before run():
//   serializers::load_npz("result/snapshot_iter_600", trainer);
//   // The model alone:
//   serializers::load_npz("result/snapshot_iter_600", model, {.path = "updater/model:main"});
class Snapshot : public Extension {
 public:
  // With an empty target, saves the trainer.
  Snapshot(serializers::Serialize target, SnapshotOptions options)
      : target_(std::move(target)), options_(std::move(options)) {}

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "_Snapshot"; }
  Trigger default_trigger() override { return {1, "epoch"}; }
  int default_priority() const override { return -100; }
  void restore(Trainer& trainer) override;
  std::string on_stop(Trainer& trainer) override;
  void on_error(Trainer& trainer, const std::exception&) override;
  void initialize(Trainer& trainer) override;
  void serialize(Serializer& s) override;

 private:
  serializers::Serialize target(Trainer& trainer) const;
  std::string path(Trainer& trainer) const;
  void save(Trainer& trainer);
  void delete_old();

  serializers::Serialize target_;
  SnapshotOptions options_;
  std::string last_;                  // the file that was written last
  std::vector<std::string> written_;  // with n_retains: what is kept, absolute, oldest first
};

Snapshot snapshot(SnapshotOptions options = {});

// Saves an object, which must outlive the trainer, to files such as "model_{epoch}".
// chainer.training.extensions.snapshot_object.
template <serializers::Serializable T>
Snapshot snapshot_object(T& object, std::string filename, SnapshotOptions options = {}) {
  options.filename = std::move(filename);
  return {serializers::serialize_of(object), std::move(options)};
}

}  // namespace nn::training::extensions
