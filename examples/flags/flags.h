#pragma once

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iosfwd>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/error.h"
#include "nn/training/stop_signals.h"

// Command lines of the examples, read by Boost.Program_options, with one sentence for each mistake.
namespace flags {

namespace po = boost::program_options;

// An empty description, as wide as all of them.
po::options_description describe(const std::string& title);

// What every program here is told, and what those are that train one model.
struct Run {
  std::int64_t seed = 0;  // 0 to 2^32 - 1
  int threads = 0;        // 0: one for each processor
  std::string out = "results";
};
struct Training : Run {
  // Epochs of a run with --test, unless --epoch is given.
  static constexpr int kTestEpochs = 10;
  std::string initmodel, resume;
  bool test = false;
};
// Their flags; those of a training end with --config.
void add_flags(po::options_description& all, Run& run);
void add_flags(po::options_description& all, Training& training);

class CommandLine {
 public:
  // What begins each sentence; and spellings of flags from elsewhere, which work but which help
  // does not show: old name, name.
  explicit CommandLine(std::string program, std::map<std::string, std::string> synonyms = {})
      : program_(std::move(program)), synonyms_(std::move(synonyms)) {}

  // Reads the command line and the file that --config names, if `shown` has such a flag (lines
  // `flag = value`; the command line wins), into the variables of `shown`. No value if it asked for
  // help only, which is then printed with `results` below. Throws autograd::Error for a wrong flag
  // or value.
  std::optional<po::variables_map> read(int argc, const char* const* argv,
                                        const po::options_description& shown, std::ostream& out,
                                        std::string_view results) const;

  // Throws `program: --flag must be rule, but it is value` unless it holds.
  void require(bool holds, std::string_view flag, std::string_view rule, const auto& value) const {
    if (!holds)
      throw autograd::Error(
          fmt::format("{}: --{} must be {}, but it is {}", program_, flag, rule, value));
  }
  void require_sound(const Run& run) const;
  void require_one_of(std::string_view flag, const std::string& value,
                      const std::vector<std::string_view>& allowed) const;

 private:
  [[noreturn]] void rethrow(const po::error& error, const po::options_description& all) const;
  void store(po::parsed_options parsed, const po::options_description& all,
             po::variables_map& values) const;
  void read_command_line(int argc, const char* const* argv, const po::options_description& all,
                         po::variables_map& values) const;
  void read_config(const std::string& path, const po::options_description& all,
                   po::variables_map& values) const;

  std::string program_;
  std::map<std::string, std::string> synonyms_;
};

// Throws, in the name of the program, unless the files that a training begins with are there: before
// it loads its data.
void require_readable(std::string_view program, const Training& training);

// Takes the numbers of standard streams that are closed, so that no file of results gets one of them
// and, with it, what is printed. Using such a stream still fails.
void hold_standard_streams();

// A line on stderr. Where that is closed or full nobody is told, and the exit code says it.
inline void complain(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

// Throws, in the name of the program, if what was written to stdout did not all get there.
void require_printed(std::string_view program);

// The main() of a program: `parse` gives its options, none if there is nothing to do, and `run`
// takes them. An exception becomes a line on stderr, and the exit code 2 if it came from parse,
// else 1; a signal that ended a training becomes 128 and its number, with a line that says how to go
// on.
template <class Parse, class Run>
int run_program(std::string_view program, const Parse& parse, const Run& run) {
  hold_standard_streams();
  int code = 2;
  try {
    const auto options = parse();
    code = 1;
    if (options) run(*options);
    require_printed(program);
    return 0;
  } catch (const nn::training::Interrupted& stop) {
    complain(fmt::format(
        "{}: {} ended the training after iteration {}; it goes on with the same flags and --resume "
        "{}",
        program, nn::training::signal_name(stop.signal()), stop.iteration(), stop.snapshot()));
    return stop.exit_status();
  } catch (const std::bad_alloc&) {
    complain(fmt::format(
        "{}: model, images and batches must fit into memory, but there is not enough of it",
        program));
  } catch (const std::exception& e) {
    complain(e.what());
  }
  return code;
}

}  // namespace flags
