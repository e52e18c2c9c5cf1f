#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// An empty folder of one test's own, gone with it.
class Folder {
 public:
  Folder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    static int count = 0;
    std::string name = std::string(test->test_suite_name()) + test->name() +
                       std::to_string(::getpid()) + "_" + std::to_string(++count);
    std::replace(name.begin(), name.end(), '/', '_');  // parameterised tests have slashes
    path_ = std::filesystem::temp_directory_path() / name;
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  std::size_t number_of_files() const {
    const std::filesystem::directory_iterator files(path_);
    return std::size_t(std::distance(begin(files), end(files)));
  }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name) << text;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};
