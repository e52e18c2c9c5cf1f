#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "nn/serializers/save_load.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct SnapshotOptions {
  // The name of the file in the folder of results; {iteration}, {epoch} and {epoch_detail} become
  // their values.
  std::string filename = "snapshot_iter_{.updater.iteration}";
  std::function<bool()> condition = {};  // whether to take it; always, unless given
  bool snapshot_on_error = false;        // take one, too, when an exception ends the training
  // How many files to keep; all, unless positive. Only files are deleted that this extension wrote,
  // in this training or in the one that it was resumed from.
  int n_retains = -1;
  // Before training, load the newest file whose name is one that `filename` gives: with
  // snapshot_iter_{iteration} that is snapshot_iter_100, and neither snapshot_iter_best nor
  // snapshot_iter_100_backup nor a symbolic link. One that is damaged, or of another model, is
  // passed over for the one before, which `warnings` tells; if all are, run() throws.
  bool autoload = false;
  std::FILE* warnings = stderr;  // nullptr: nowhere
  bool compression = true;
};

// Saves the trainer, or another object, each epoch unless told otherwise and after all other
// extensions; the trainer also where a signal ends the training (RunOptions::stop_on_signal). The file is written under a name that begins with tmp and then renamed.
// chainer.training.extensions.snapshot.
//
//   trainer.extend(extensions::snapshot());                                 //
//   result/snapshot_iter_600, ... serializers::load_npz("result/snapshot_iter_600", trainer); //
//   resume: before run() serializers::load_npz("result/snapshot_iter_600", model, {.path =
//   "updater/model:main"});
class Snapshot : public Extension {
 public:
  // No target: the trainer.
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

// Saves an object, which must live as long as the trainer: "model_{epoch}".
// chainer.training.extensions.snapshot_object.
template <serializers::Serializable T>
Snapshot snapshot_object(T& object, std::string filename, SnapshotOptions options = {}) {
  options.filename = std::move(filename);
  return {serializers::serialize_of(object), std::move(options)};
}

}  // namespace nn::training::extensions
