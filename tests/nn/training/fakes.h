#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

// An updater that only counts: an epoch has `epoch_length` iterations.
class CountingUpdater : public nn::training::Updater {
 public:
  explicit CountingUpdater(double epoch_length = 1) : epoch_length_(epoch_length) {}

  void update() override {
    if (on_update) on_update(iteration_ + 1);
    ++iteration_;
  }
  std::map<std::string, nn::Optimizer*> get_all_optimizers() const override { return {}; }
  std::int64_t iteration() const override { return iteration_; }
  std::int64_t epoch() const override { return static_cast<std::int64_t>(epoch_detail()); }
  double epoch_detail() const override { return static_cast<double>(iteration_) / epoch_length_; }
  double previous_epoch_detail() const override {
    return static_cast<double>(iteration_ - 1) / epoch_length_;
  }
  bool is_new_epoch() const override { return false; }
  void finalize() override {
    if (on_finalize) on_finalize();
  }
  void serialize(nn::Serializer& s) override { s("iteration", iteration_); }

  std::function<void(std::int64_t)> on_update;
  std::function<void()> on_finalize;

 private:
  double epoch_length_;
  std::int64_t iteration_ = 0;
};

// A clock that is a step further each time it is read.
inline std::function<double()> ticking(double step) {
  return [now = 0.0, step]() mutable { return now += step; };
}

// A stream that keeps what is written to it.
class Screen {
 public:
  Screen() : file_(open_memstream(&text_, &size_)) {}
  ~Screen() {
    std::fclose(file_);
    std::free(text_);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  std::FILE* file() const { return file_; }
  std::string text() const {
    std::fflush(file_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

inline std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
