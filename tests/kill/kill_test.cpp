// A training is killed before and after each of its operations on files, and at random moments; it
// is resumed, and must leave the bytes of the one that was not killed. CHAINETTE_KILLS says how many
// kills; tests/kill/run sets it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "tests/folder.h"
#include "tests/paths.h"

namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Begins the training. `prepare` runs in its process.
template <class Prepare>
pid_t start(const Folder& folder, const Prepare& prepare) {
  const std::string program = build_path("tests/train_tiny"), out = folder / "out",
                    err = folder / "err";
  const pid_t pid = fork();
  if (pid != 0) return pid;
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
  prepare();
  execl(program.c_str(), program.c_str(), out.c_str(), nullptr);
  _exit(127);
}

// The exit code, or the signal, negative.
int wait_for(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// LeakSanitizer looks for leaks at the end of a process, by a process of its own that traces the
// first. It does not work where the first is traced already, and complains where it is killed.
void detect_no_leaks() { setenv("ASAN_OPTIONS", "detect_leaks=0", 1); }

int run(const Folder& folder) {
  return wait_for(start(folder, [] {}));
}

// Whether a system call changes files.
bool changes_files(const __ptrace_syscall_info& call) {
  const auto* const a = call.entry.args;
  switch (call.entry.nr) {
    case SYS_openat:
      return (a[2] & O_CREAT) != 0;
    case SYS_write:
    case SYS_pwrite64:
      return a[0] > 2;
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_ftruncate:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_unlinkat:
    case SYS_linkat:
    case SYS_mkdirat:
#ifdef SYS_rename
    case SYS_rename:
    case SYS_unlink:
    case SYS_link:
    case SYS_mkdir:
    case SYS_open:
#endif
      return true;
    default:
      return false;
  }
}

constexpr int kNotTraced = -1000;

// Runs the training and kills it right before, or right after, its k-th call that changes files; k
// = 0: lets it run. Counts those calls.
int run_killed_at(const Folder& folder, int k, bool after, int* count) {
  const pid_t pid = start(folder, [] {
    detect_no_leaks();
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  });
  int status = 0;
  waitpid(pid, &status, 0);
  if (!WIFSTOPPED(status)) return kNotTraced;
  if (ptrace(PTRACE_SETOPTIONS, pid, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0) {
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return kNotTraced;
  }
  bool changed = false;
  for (long signal = 0;;) {
    ptrace(PTRACE_SYSCALL, pid, nullptr, signal);
    waitpid(pid, &status, 0);
    if (!WIFSTOPPED(status)) return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    signal = 0;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      signal = WSTOPSIG(status);
      continue;
    }
    __ptrace_syscall_info call{};
    ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof call, &call);
    const bool entry = call.op == PTRACE_SYSCALL_INFO_ENTRY;
    if (entry) {
      changed = changes_files(call);
      *count += changed ? 1 : 0;
    }
    if (changed && *count == k && entry != after) kill(pid, SIGKILL);
  }
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("tmp")) names.insert(name);  // what a kill may leave
  }
  return names;
}

class Kill : public testing::Test {
 protected:
  Kill() {
    EXPECT_EQ(run(whole_), 0) << contents(whole_ / "err");
    expected_ = names_in(whole_ / "out");
    EXPECT_THAT(expected_,
                testing::UnorderedElementsAre("cg.dot", "log", "model.npz", "snapshot_iter_14"));
  }

  // Lets the training go on to its end, and compares what it leaves.
  void finish(const Folder& folder, const std::string& what) {
    ASSERT_EQ(run(folder), 0) << what << ": " << contents(folder / "err");
    EXPECT_EQ(contents(folder / "err"), "") << what;  // no file was damaged
    EXPECT_EQ(names_in(folder / "out"), expected_) << what;
    for (const char* name : {"out/log", "out/model.npz", "out/cg.dot"})
      EXPECT_TRUE(contents(folder / name) == contents(whole_ / name)) << what << ": " << name;
  }

  // Kills trainings, and lets them go on until the next kill.
  void kill_at_random_moments() {
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    {
      const Folder folder;
      run(folder);
    }
    const std::chrono::duration<double> length = Clock::now() - begin;
    std::mt19937 engine(static_cast<std::mt19937::result_type>(kills()));
    int killed = 0;
    for (int round = 0; killed < kills() / 2 && round < 10 * kills() && !HasFailure(); ++round) {
      const Folder folder;
      for (int times = 0; times < 3; ++times) {  // on and on in one folder
        const pid_t pid = start(folder, detect_no_leaks);
        std::this_thread::sleep_for(length * std::uniform_real_distribution<double>(0, 1)(engine));
        kill(pid, SIGKILL);
        if (wait_for(pid) == -SIGKILL) ++killed;
      }
      finish(folder, "round " + std::to_string(round));
    }
    EXPECT_GE(killed, kills() / 2);
  }

  static int kills() {
    const char* const number = std::getenv("CHAINETTE_KILLS");
    return number == nullptr ? 40 : std::atoi(number);
  }

  Folder whole_;
  std::set<std::string> expected_;
};

// Half of the kills at most; all places where that is enough.
TEST_F(Kill, AroundEachOperationOnFiles) {
  int calls = 0;
  {
    const Folder folder;
    if (run_killed_at(folder, 0, false, &calls) == kNotTraced)
      GTEST_SKIP() << "ptrace is not allowed here";
    finish(folder, "traced");
  }
  ASSERT_GT(calls, 30);
  const int places = 2 * calls, kill_at = std::min(places, kills() / 2);
  for (int i = 0; i < kill_at && !HasFailure(); ++i) {
    const int place = static_cast<int>(std::int64_t{i} * places / kill_at);
    const Folder folder;
    int count = 0;
    const std::string what = (place % 2 ? "after call " : "before call ") +
                             std::to_string(place / 2 + 1) + " of " + std::to_string(calls);
    EXPECT_EQ(run_killed_at(folder, place / 2 + 1, place % 2 == 1, &count), -SIGKILL) << what;
    finish(folder, what);
  }
  RecordProperty("kills", kill_at);
}

TEST_F(Kill, AtRandomMoments) { kill_at_random_moments(); }

// The interrupted trainings must give the bits of the one that was not, which read its examples
// itself.
TEST_F(Kill, WhileThreadsReadAhead) {
  setenv("TRAIN_TINY_READS_AHEAD", "1", 1);
  kill_at_random_moments();
  unsetenv("TRAIN_TINY_READS_AHEAD");
}

// No file may grow beyond so many bytes, as if the disk were full then.
TEST_F(Kill, ByAFullDisk) {
  const auto largest = fs::file_size(whole_ / "out/snapshot_iter_14");
  int failed = 0;
  for (int i = 0; i < 12 && !HasFailure(); ++i) {
    const Folder folder;
    const int code = wait_for(start(folder, [&] {
      const rlimit most{i * largest / 11, i * largest / 11};
      std::signal(SIGXFSZ, SIG_IGN);
      setrlimit(RLIMIT_FSIZE, &most);
    }));
    EXPECT_TRUE(code == 0 || code == 1) << code;
    failed += code;
    if (fs::exists(folder / "out")) {
      for (const auto& entry : fs::directory_iterator(folder / "out"))
        EXPECT_FALSE(entry.path().filename().string().starts_with("tmp")) << entry.path();
    }
    fs::remove(folder / "err");
    finish(folder, "limit " + std::to_string(i));
  }
  EXPECT_GT(failed, 6);
}

}  // namespace
