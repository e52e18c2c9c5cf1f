// What vae_lab says of files that are missing, damaged or of another kind, and that it leaves
// nothing behind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <zip.h>

#include <filesystem>
#include <limits>

#include "nn/datasets/idx.h"
#include "nn/files/npz.h"
#include "tests/examples/vae_lab/vae_lab.h"

namespace {

namespace fs = std::filesystem;
using autograd::Array;
using autograd::Dtype;

// What the program says of a run that fails before it begins: it leaves no folder of results.
std::string refusal(const Arguments& arguments, const Prepare& prepare = {}) {
  const Folder folder;
  const Outcome outcome = vae_lab(tiny(folder / "results") + arguments, prepare);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(folder.number_of_files(), 0u);
  return outcome.err;
}

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  return names;
}

// A folder with three images to train with and two to test.
class Images : public testing::Test {
 protected:
  Images() {
    nn::datasets::write_idx(kTrain, Array::zeros({3, 8, 8}, Dtype::uint8));
    nn::datasets::write_idx(kTest, Array::zeros({2, 8, 8}, Dtype::uint8));
  }
  std::string refused() const { return refusal({"--data", folder / ""}); }

  Folder folder;
  const std::string kTrain = folder / "train-images-idx3-ubyte",
                    kTest = folder / "t10k-images-idx3-ubyte";
};

TEST_F(Images, NeedNoLabels) {
  const Outcome outcome = vae_lab(tiny(folder / "results") + Arguments{"--data", folder / ""});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
}

TEST_F(Images, NeedLabelsForAConditionalModel) {
  EXPECT_EQ(refusal({"--data", folder / "", "--conditional"}),
            "vae_lab: --conditional needs labels, but " + (folder / "") + " has none\n");
}

TEST(Data, MustBeAFolder) {
  EXPECT_EQ(refusal({"--data", "/no/such/folder"}),
            "idx: /no/such/folder must hold train-images-idx3-ubyte, plain or with .gz, but it "
            "does not\n");
}

TEST_F(Images, MustBeThereForTrainingAndTest) {
  fs::remove(kTest);
  EXPECT_EQ(refused(),
            "idx: " + (folder / "") +
                " must hold t10k-images-idx3-ubyte, plain or with .gz, but it does not\n");
}

TEST_F(Images, MustBeAsManyAsTheHeaderSays) {
  std::string bytes = contents(kTrain);
  bytes[7] = 4;
  folder.write("train-images-idx3-ubyte", bytes);
  EXPECT_EQ(
      refused(),
      "idx: " + kTrain +
          " must hold a byte for each element of its shape (4, 8, 8), but 192 follow the header\n");
}

TEST_F(Images, MustBeginWithTheMagicNumber) {
  folder.write("train-images-idx3-ubyte", "these are no images");
  EXPECT_EQ(refused(),
            "idx: " + kTrain + " must begin as an idx file, but its magic number is wrong\n");
}

TEST_F(Images, MustBeBytes) {
  std::string bytes = contents(kTrain);
  bytes[2] = 0x0d;  // float32, which could hold NaN
  folder.write("train-images-idx3-ubyte", bytes);
  EXPECT_EQ(refused(),
            "idx: " + kTrain + " must hold unsigned bytes (type 8), but its type is 13\n");
}

TEST_F(Images, MustNotBeLabels) {
  nn::datasets::write_idx(kTrain, Array::zeros({3}, Dtype::uint8));
  EXPECT_EQ(refused(),
            "idx: " + kTrain + " must hold images, which have three axes, but it is uint8(3)\n");
}

TEST_F(Images, MustHaveOneSize) {
  nn::datasets::write_idx(kTest, Array::zeros({2, 10, 9}, Dtype::uint8));
  EXPECT_EQ(refused(),
            "load_images: training and test images must have the same size, but those in " +
                (folder / "") + " are 8x8 and 9x10\n");
}

TEST_F(Images, MustBeWholeWhereTheyAreGzipped) {
  fs::remove(kTrain);
  nn::datasets::write_idx(kTrain + ".gz", Array::zeros({3, 8, 8}, Dtype::uint8));
  const std::string whole = contents(kTrain + ".gz");
  folder.write("train-images-idx3-ubyte.gz", whole.substr(0, whole.size() - 9));
  EXPECT_EQ(
      refused(),
      fmt::format("gzip: {}.gz must be a complete gzip file, but it is truncated after {} bytes\n",
                  kTrain, whole.size() - 9));
  std::string damaged = whole;
  damaged[whole.size() - 6] ^= 1;
  folder.write("train-images-idx3-ubyte.gz", damaged);
  EXPECT_EQ(
      refused(),
      fmt::format("gzip: {}.gz must be a valid gzip file, but: incorrect data check\n", kTrain));
}

// Chainer's cache of MNIST.
TEST(Cache, MustHoldBytesAndSoNoNaN) {
  const Folder root;
  fs::create_directories(root / "pfnet/chainer/mnist");
  for (const char* name : {"train.npz", "test.npz"}) {
    nn::NpzWriter writer(root / (std::string("pfnet/chainer/mnist/") + name));
    writer.write("x",
                 Array::full({2, 784}, std::numeric_limits<double>::quiet_NaN(), Dtype::float32));
    writer.write("y", Array::zeros({2}, Dtype::uint8));
    writer.close();
  }
  EXPECT_EQ(
      refusal({"--data", "mnist"}, [&] { setenv("CHAINER_DATASET_ROOT", (root / "").c_str(), 1); }),
      "get_mnist: " + (root / "pfnet/chainer/mnist/train.npz") +
          " must hold uint8 images of 784 pixels and their labels, but x is float32(2, 784) and y "
          "is uint8(2)\n");
}

// A finished training of the tiny model.
class Finished : public testing::Test {
 protected:
  Finished() { EXPECT_EQ(vae_lab(tiny(finished)).code, 0); }

  Folder folder;
  const std::string finished = folder / "finished", model = finished + "/model.npz",
                    snapshot = finished + "/snapshot_iter_4";
};

TEST_F(Finished, ModelIsRefusedWhereThereIsNone) {
  const std::string missing = folder / "missing";
  EXPECT_EQ(refusal({"--initmodel", missing}),
            "vae_lab: --initmodel must name a readable file, but " + missing +
                " is not one (No such file or directory)\n");
  EXPECT_EQ(refusal({"--initmodel", folder / ""}),
            "npz: " + (folder / "") + " must be readable, but: Is a directory\n");
  EXPECT_EQ(refusal({"--initmodel", finished + "/log"}),
            "npz: " + finished + "/log must be a zip file, but it is not\n");
}

TEST_F(Finished, ModelIsRefusedIfItIsCutOff) {
  const std::string whole = contents(model),
                    half = folder.write("half", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(refusal({"--initmodel", half}),
            "npz: " + half +
                " must be a zip file, but it is truncated or its table of contents is damaged\n");
}

// The model with the bytes of one entry replaced.
std::string with_entry(const std::string& from, const std::string& path, const std::string& name,
                       const std::string& bytes) {
  fs::copy_file(from, path, fs::copy_options::overwrite_existing);
  zip* archive = zip_open(path.c_str(), 0, nullptr);
  zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0),
               ZIP_FL_OVERWRITE);
  EXPECT_EQ(zip_close(archive), 0);
  return path;
}

std::string npy(std::string header, std::size_t numbers) {
  header.append(117 - header.size(), ' ') += '\n';
  return std::string("\x93NUMPY\x01\0\x76\0", 10) + header + std::string(4 * numbers, '\0');
}

TEST_F(Finished, ModelIsRefusedIfAHeaderLies) {
  const auto refused = [&](const std::string& bytes) {
    return refusal({"--initmodel", with_entry(model, folder / "lies.npz", "le1/b.npy", bytes)});
  };
  const std::string what = "npz: le1/b in " + (folder / "lies.npz");
  EXPECT_EQ(
      refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (16,), }", 3)),
      what + " must hold the elements of its shape (16), but only 12 bytes follow the header\n");
  EXPECT_EQ(
      refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,), }", 16)),
      what +
          " must hold the elements of its shape (99999999999999), but only 64 bytes follow the "
          "header\n");
  EXPECT_EQ(refused(npy("{'descr': '<f4', 'shape': (16,), }", 16)),
            what +
                " must have a header with descr, fortran_order and shape, but it says: {'descr': "
                "'<f4', 'shape': (16,), }\n");
  EXPECT_EQ(refused("no npy"),
            what + " must begin as an npy file, but its magic bytes are wrong\n");
}

TEST_F(Finished, ModelIsRefusedIfItIsAnother) {
  EXPECT_EQ(
      refusal({"--initmodel", model, "--dim-z", "3"}),
      "npz: le3_mu/W in " + model + " must be of the shape (3, 16), but it is float32(20, 16)\n");
  EXPECT_EQ(refusal({"--initmodel", model, "--model", "distributions"}),
            "npz: " + model + " must hold the key encoder/linear/W, but it does not\n");
  EXPECT_EQ(refusal({"--initmodel", snapshot}),
            "npz: " + snapshot + " must hold the key le1/W, but it does not\n");
  {
    nn::NpzWriter writer(folder / "text.npz");
    writer.write_text("le1/W", "weights");
    writer.close();
  }
  EXPECT_EQ(refusal({"--initmodel", folder / "text.npz"}),
            "npz: le1/W in " + (folder / "text.npz") + " must be an array, but it is a text\n");
}

TEST_F(Finished, TrainingIsNotResumedFromWhatIsNoSnapshotOfIt) {
  const std::string missing = folder / "missing";
  EXPECT_EQ(refusal({"--resume", missing}), "vae_lab: --resume must name a readable file, but " +
                                                missing +
                                                " is not one (No such file or directory)\n");
  EXPECT_EQ(refusal({"--resume", model}),
            "npz: " + model +
                " must hold the key updater/iterator:main/current_position, but it does not\n");
  EXPECT_EQ(refusal({"--resume", snapshot, "--dim-z", "3"}),
            "npz: updater/optimizer:main/ld1/W/m in " + snapshot +
                " must be of the shape (16, 3), but it is float32(16, 20)\n");
}

TEST_F(Finished, TrainingIsNotResumedOnOtherImages) {
  nn::datasets::write_idx(folder / "train-images-idx3-ubyte",
                          Array::zeros({3, 8, 8}, Dtype::uint8));
  nn::datasets::write_idx(folder / "t10k-images-idx3-ubyte", Array::zeros({2, 8, 8}, Dtype::uint8));
  EXPECT_EQ(refusal({"--resume", snapshot, "--data", folder / ""}),
            "npz: updater/iterator:main/order in " + snapshot +
                " must be of the shape (3), but it is int64(100)\n");
}

TEST(Flags, ThatAreWrongEndTheProgramWithTwo) {
  const Outcome outcome = vae_lab({"--epoch", "-1"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "vae_lab: --epoch must be at least 1, but it is -1\n");
  EXPECT_EQ(outcome.out, "");
}

// A run whose results have no place.
std::string not_written(const Arguments& arguments, const Prepare& prepare = {}) {
  const Outcome outcome = vae_lab(arguments, prepare);
  EXPECT_EQ(outcome.code, 1);
  return outcome.err;
}

TEST(Out, MustBeAFolderOrBecomeOne) {
  const Folder folder;
  const std::string file = folder.write("file", "mine");
  EXPECT_EQ(not_written(tiny(file)),
            "Trainer: out must be a folder that can be created, but creating " + file +
                " failed: Not a directory\n");
  EXPECT_EQ(not_written(tiny(file + "/below")),
            "Trainer: out must be a folder that can be created, but creating " + file +
                "/below failed: Not a directory\n");
  EXPECT_EQ(contents(file), "mine");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(Out, MustBeWritable) {
  const Folder folder;
  const std::string results = folder / "results";
  fs::create_directory(results);
  fs::permissions(results, fs::perms::owner_read | fs::perms::owner_exec);
  if (access(results.c_str(), W_OK) == 0) {  // root may write everywhere, but not into this folder
    EXPECT_EQ(not_written(tiny("/proc/results")),
              "Trainer: out must be a folder that can be created, but creating /proc/results "
              "failed: No such file or directory\n");
    return;
  }
  EXPECT_EQ(not_written(tiny(results)),
            "DumpGraph: " + results +
                "/graph.dot must be writable, but writing failed: Permission denied\n");
  EXPECT_EQ(files_of(results).size(), 0u);
}

TEST(Out, IsToldWhereAFolderIsInTheWay) {
  const auto blocked = [](const std::string& name) {
    const Folder folder;
    const std::string results = folder / "results";
    fs::create_directories(results + "/" + name + "/inside");
    const std::string message = not_written(tiny(results));
    EXPECT_TRUE(fs::exists(results + "/" + name + "/inside"));
    for (const std::string& file : files_of(results)) {
      EXPECT_FALSE(file.starts_with("tmp")) << file;
      EXPECT_FALSE(file.ends_with(".tmp")) << file;
    }
    EXPECT_THAT(message, testing::HasSubstr(results));
    return message.substr(0, message.find(results)) +
           message.substr(message.find(results) + results.size());
  };
  EXPECT_EQ(blocked("log"),
            "LogReport: /log must be writable, but writing failed: Is a directory\n");
  EXPECT_EQ(blocked("graph.dot"),
            "DumpGraph: /graph.dot must be writable, but writing failed: Is a directory\n");
  EXPECT_EQ(blocked("snapshot_iter_4"),
            "npz: /snapshot_iter_4 must be writable, but writing failed: Is a directory\n");
  EXPECT_EQ(blocked("model.npz"),
            "npz: /model.npz must be writable, but writing failed: Is a directory\n");
  EXPECT_EQ(blocked("sampled.png"),
            "write_png: /sampled.png must be writable, but writing failed: Is a directory\n");
}

// No file may grow beyond 8 KB, as if the disk were full: the logs can be written, the snapshot
// cannot.
TEST_F(Finished, ResultsStayWhenTheDiskIsFull) {
  const std::string results = folder / "results";
  fs::copy(finished, results);
  const std::string message = not_written(tiny(results), [] {
    constexpr rlimit kMost{8192, 8192};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &kMost);
  });
  EXPECT_EQ(message, "npz: " + results +
                         "/snapshot_iter_4 must be writable, but writing failed: File too large\n");
  for (const char* name : {"/model.npz", "/snapshot_iter_4", "/train.png"})
    EXPECT_EQ(contents(results + name), contents(finished + name)) << name;
  EXPECT_THAT(files_of(results), testing::UnorderedElementsAreArray(files_of(finished)));
}

// Nobody can be told, but the exit code says it.
TEST(Errors, NeedNoStderr) {
  for (const char* where : {"closed", "full"}) {
    const Prepare prepare = [where] {
      close(STDERR_FILENO);
      if (where == std::string("full")) dup2(open("/dev/full", O_WRONLY), STDERR_FILENO);
    };
    EXPECT_EQ(vae_lab({"--epoch", "-1"}, prepare).code, 2) << where;
    EXPECT_EQ(vae_lab({"--data", "/absent"}, prepare).code, 1) << where;
  }
}

// A file that were opened under the number of a closed stream would get what is printed.
TEST(Screen, IsNotPrintedIntoFiles) {
  const Folder folder;
  const std::string results = folder / "results";
  const Outcome outcome = vae_lab(tiny(results), [] {
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
  });
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err,
            "vae_lab: its output must be writable, but writing failed: Bad file descriptor\n");
}

TEST(Screen, MustBeWritable) {
  const Folder folder;
  const std::string message = not_written(tiny(folder / "results"),
                                          [] { dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO); });
  EXPECT_EQ(message,
            "vae_lab: its output must be writable, but writing failed: No space left on device\n");
}

}  // namespace
