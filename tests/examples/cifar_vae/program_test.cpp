#include <gmock/gmock.h>

#include <filesystem>

#include "nn/files/json.h"
#include "tests/examples/program.h"
#include "tests/paths.h"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Outcome train_cifar_vae(const Arguments& arguments) {
  return run(build_path("examples/cifar_vae/train_cifar_vae"), arguments);
}

// Ten batches of generated images with the smallest network.
Arguments tiny(const std::string& out) {
  return {"--test", "--data",  "generated", "--ch",    "8", "--batch-size",
          "40",     "--dim-z", "4",         "--epoch", "2", "--snapshot-interval",
          "4",      "--out",   out};
}

TEST(CifarProgram, TrainsAndLeavesItsResults) {
  const Folder folder;
  const std::string results = folder / "results";
  const Outcome outcome = train_cifar_vae(tiny(results));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, testing::StartsWith("Data: generated images: 200 training images, 200 "
                                               "test images, 32x32 pixels, 3 colours\n"));
  EXPECT_THAT(outcome.out, HasSubstr("No collapse expected: "));
  EXPECT_THAT(outcome.out, HasSubstr("model.npz, snapshots of encoder and decoder, train.png"));
  for (const char* name : {"log", "model.npz", "encoder_4.npz", "encoder_8.npz", "decoder_8.npz",
                           "snapshot_iter_10", "train.png", "train_reconstructed.png", "test.png",
                           "test_reconstructed.png", "sampled.png"})
    EXPECT_TRUE(fs::exists(results + "/" + name)) << name;
  EXPECT_TRUE(fs::exists(results + "/loss.png"));
  const auto log = nn::json::load_log(contents(results + "/log"), "log");
  ASSERT_EQ(log.size(), 2u);
  for (const char* key : {"main/loss", "main/reconstr", "main/kl_penalty", "main/active_units",
                          "validation/main/loss", "validation/main/reconstr"})
    EXPECT_TRUE(log[1].contains(key)) << key;
  EXPECT_LT(double(log[1].at("main/loss")), double(log[0].at("main/loss")));

  const Outcome more =
      train_cifar_vae(tiny(folder / "more") + Arguments{"--resume", results + "/snapshot_iter_10"});
  EXPECT_EQ(more.code, 0) << more.err;
  const Outcome again =
      train_cifar_vae(tiny(folder / "again") + Arguments{"--initmodel", results + "/model.npz"});
  EXPECT_EQ(again.code, 0) << again.err;
}

TEST(CifarProgram, PredictsTheCollapseOfThePlainMean) {
  const Folder folder;
  const Outcome outcome =
      train_cifar_vae(tiny(folder / "results") + Arguments{"--loss", "mean_squared_error"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("\nCollapse expected (linear theory): every input gives the same output"));
}

TEST(CifarProgram, SaysWhatIsWrong) {
  const auto error = [](const Arguments& arguments) {
    const Outcome outcome = train_cifar_vae(arguments);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_EQ(error({"--ch", "12"}),
            "train_cifar_vae: --ch must be a positive multiple of 8, but it is 12\n");
  EXPECT_EQ(error({"--loss", "mse"}),
            "train_cifar_vae: --loss must be mean_squared_error_255 or mean_squared_error, but it "
            "is mse\n");
  EXPECT_EQ(error({"--epoch", "0"}), "train_cifar_vae: --epoch must be at least 1, but it is 0\n");
  EXPECT_EQ(error({"--epochs", "1"}),
            "train_cifar_vae: every flag must be one that --help lists, but --epochs is not; did "
            "you mean --epoch?\n");
  const Outcome absent = train_cifar_vae({"--data", "/no/such/file"});
  EXPECT_EQ(absent.code, 1);
  EXPECT_THAT(absent.err, testing::StartsWith("read: /no/such/file must be readable, but: "));
}

}  // namespace
