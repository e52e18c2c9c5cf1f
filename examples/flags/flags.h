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

// Reads the command lines of the examples with Boost.Program_options. Each error is one sentence.
namespace flags {

namespace po = boost::program_options;

// An empty description with this title, in the common width.
po::options_description describe(const std::string& title);

// The options of every program; and the options of programs that train one model.
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
// Adds the flags of these options. The flags of Training include --config.
void add_flags(po::options_description& all, Run& run);
void add_flags(po::options_description& all, Training& training);

class CommandLine {
 public:
  // `program` begins each error message. `synonyms` maps alternative names of flags to their names;
  // the help does not show alternative names.
  explicit CommandLine(std::string program, std::map<std::string, std::string> synonyms = {})
      : program_(std::move(program)), synonyms_(std::move(synonyms)) {}

  // Reads the command line into the variables of `shown`. If `shown` has the flag --config, also
  // reads the file that this flag names: lines `flag = value`; the command line takes precedence.
  // If --help is given, prints the help, followed by `results`, and returns no value. Throws
  // autograd::Error for a wrong flag or value.
  std::optional<po::variables_map> read(int argc, const char* const* argv,
                                        const po::options_description& shown, std::ostream& out,
                                        std::string_view results) const;

  // Throws `program: --flag must be rule, but it is value` unless `holds`.
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

// Throws an error that begins with the name of the program unless the files of --initmodel and
// --resume are readable. Programs call it before they load their data.
void require_readable(std::string_view program, const Training& training);

// Opens a placeholder for each closed standard stream. Otherwise a result file could get the number
// of the stream, and printed text would go into the file. Using such a stream still fails.
void hold_standard_streams();

// Prints a line on stderr. If stderr is closed or full, only the exit status reports the error.
inline void complain(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

// Throws an error that begins with the name of the program if writing to stdout failed.
void require_printed(std::string_view program);

// The main() of a program. `parse` returns the options, or none if there is nothing to do; `run` is
// called with the options. An exception is printed as a line on stderr, and the exit status is 2 if
// `parse` threw it, else 1. If a signal ended the training, the exit status is 128 plus the number
// of the signal, and a line says how to resume.
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
        "{}: {} ended the training after iteration {}; resume it with the same flags and --resume "
        "{}",
        program, nn::training::signal_name(stop.signal()), stop.iteration(), stop.snapshot()));
    return stop.exit_status();
  } catch (const std::bad_alloc&) {
    complain(
        fmt::format("{}: the model, the images and the batches must fit into memory, but there is "
                    "not enough memory",
                    program));
  } catch (const std::exception& e) {
    complain(e.what());
  }
  return code;
}

}  // namespace flags
