#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "nn/files/npz.h"
#include "tests/golden_runner/report.h"
#include "tests/golden_runner/table.h"

namespace golden {

// The npz files of the folder, each opened once.
class Store {
 public:
  explicit Store(std::string folder) : folder_(std::move(folder)) {}
  std::string path(const std::string& file) const {
    return (std::filesystem::path(folder_) / file).string();
  }
  const nn::NpzReader& open(const std::string& file);
  Array array(const std::string& file, const std::string& key) { return open(file).array(key); }

 private:
  std::string folder_;
  std::map<std::string, std::unique_ptr<nn::NpzReader>> files_;
};

// Runs one function: its outputs, what it changed, its gradients and second-order gradients.
void run_case(const Value& entry, const Table& table, Store& store, Report& report);

// Runs the cases of optimizers.npz, of vae.npz, and reads what Chainer wrote.
void run_optimizers(const Value& manifest, Store& store, Report& report);
void run_vae(const Value& manifest, const Table& table, Store& store, Report& report);
void run_chainer_files(const Value& manifest, const Table& table, Store& store, Report& report);
// What initializers draw, links as they are made, and networks for images.
void run_initializers(const Value& manifest, Store& store, Report& report);
void run_initial(const Value& manifest, Store& store, Report& report);
void run_architectures(const Value& manifest, Store& store, Report& report);
// The trees that Chainer makes of counts of words.
void run_huffman(const Value& facts, Report& report);
// Draws from NumPy's legacy generator; asks each distribution what it has.
void run_random(const Value& manifest, Store& store, Report& report);
void run_schedules(const Value& manifest, Store& store, Report& report);
void run_distribution_api(const Value& manifest, Report& report);
// Goes on from the snapshot that Chainer's trainer went on from.
void check_resume(const Value& vae, const Table& table, Store& store, Report& report);

}  // namespace golden
