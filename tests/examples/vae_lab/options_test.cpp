#include "examples/vae_lab/options.h"

#include <gmock/gmock.h>

#include <sstream>

#include "autograd/base/error.h"
#include "tests/examples/vae_lab/parse.h"
#include "tests/folder.h"

namespace vae::lab {
namespace {

using testing::HasSubstr;

// Both spellings of a flag, and what they set.
template <class Holder, class T>
void expect_flag(T Holder::*member, const T& expected, const char* value,
                 const std::vector<const char*>& spellings) {
  for (const char* flag : spellings) EXPECT_EQ(parse({flag, value}).*member, expected) << flag;
}

TEST(Options, AreThoseOfChainersExampleUnlessGiven) {
  const LabOptions o = parse({});
  EXPECT_EQ(o.initmodel, "");
  EXPECT_EQ(o.resume, "");
  EXPECT_EQ(o.out, "results");
  EXPECT_EQ(o.epoch, 100);
  EXPECT_EQ(o.dim_z, 20);
  EXPECT_EQ(o.dim_h, 500);
  EXPECT_EQ(o.beta, 1.0);
  EXPECT_EQ(o.rec_weight, 1.0);
  EXPECT_EQ(o.k, 1);
  EXPECT_FALSE(o.binary);
  EXPECT_EQ(o.batch_size, 100);
  EXPECT_FALSE(o.test);
  EXPECT_FALSE(o.plot);
}

TEST(Options, AreTheQuestionsModelOnTheDigitsUnlessGiven) {
  const LabOptions o = parse({});
  EXPECT_EQ(o.data, "digits");
  EXPECT_EQ(o.model, "question");
  EXPECT_EQ(o.loss, "bernoulli_nll");
  EXPECT_EQ(o.optimizer, "adam");
  EXPECT_EQ(o.lr, std::nullopt);
  EXPECT_EQ(o.act, "tanh");
  EXPECT_EQ(o.layers, 2);
  EXPECT_EQ(o.init, "lecun");
  EXPECT_EQ(o.seed, 0);
  EXPECT_EQ(o.threads, 0);
  EXPECT_EQ(parse({"--model", "distributions"}).layers, 1);
}

TEST(Options, HaveLongShortAndOldSpellings) {
  expect_flag(&LabOptions::initmodel, std::string("m.npz"), "m.npz", {"--initmodel", "-m"});
  expect_flag(&LabOptions::resume, std::string("s"), "s", {"--resume", "-r"});
  expect_flag(&LabOptions::out, std::string("o"), "o", {"--out", "-o"});
  expect_flag(&LabOptions::epoch, 3, "3", {"--epoch", "-e"});
  expect_flag(&LabOptions::dim_z, 4, "4", {"--dim-z", "-z", "--dimz"});
  expect_flag(&LabOptions::dim_h, 5, "5", {"--dim-h"});
  expect_flag(&LabOptions::beta, 0.25, "0.25", {"--beta"});
  expect_flag(&LabOptions::rec_weight, 0.5, "0.5", {"--rec-weight"});
  expect_flag(&LabOptions::k, 6, "6", {"--k", "-k"});
  expect_flag(&LabOptions::batch_size, 7, "7", {"--batch-size", "-b", "--batchsize"});
  expect_flag(&LabOptions::data, std::string("mnist"), "mnist", {"--data"});
  expect_flag(&LabOptions::model, std::string("distributions"), "distributions", {"--model"});
  for (const char* loss :
       {"bernoulli_nll", "mean_squared_error", "pixels_x_mean_squared_error",
        "pixels_x_mean_squared_error_over_batch", "sum_squared_error", "gaussian_nll"})
    expect_flag(&LabOptions::loss, std::string(loss), loss, {"--loss"});
  for (const char* optimizer :
       {"adam", "sgd", "momentum_sgd", "nesterov_ag", "ada_grad", "ada_delta", "rmsprop"})
    expect_flag(&LabOptions::optimizer, std::string(optimizer), optimizer, {"--optimizer"});
  expect_flag(&LabOptions::lr, std::optional(0.5), "0.5", {"--lr"});
  for (const char* act : {"tanh", "softplus", "relu"})
    expect_flag(&LabOptions::act, std::string(act), act, {"--act"});
  expect_flag(&LabOptions::layers, 1, "1", {"--layers"});
  for (const char* init : {"lecun", "xavier"})
    expect_flag(&LabOptions::init, std::string(init), init, {"--init"});
  expect_flag(&LabOptions::seed, std::int64_t{4294967295}, "4294967295", {"--seed"});
  expect_flag(&LabOptions::threads, 8, "8", {"--threads"});
  EXPECT_TRUE(parse({"--binary"}).binary);
  EXPECT_TRUE(parse({"--test"}).test);
  EXPECT_TRUE(parse({"--plot"}).plot);
  EXPECT_TRUE(parse({"--conditional"}).conditional);
  EXPECT_EQ(parse({"--epoch=3"}).epoch, 3);
  EXPECT_EQ(parse({"-e3"}).epoch, 3);
  EXPECT_EQ(parse({"--ep", "3"}).epoch, 3);
}

TEST(Options, BinaryIsAnotherNameOfBinarizeThreshold) {
  EXPECT_EQ(parse({}).binarize, "none");
  for (const LabOptions& o : {parse({"--binary"}), parse({"--binarize", "threshold"}),
                              parse({"--binary", "--binarize", "threshold"})}) {
    EXPECT_EQ(o.binarize, "threshold");
    EXPECT_TRUE(o.binary);
  }
  EXPECT_TRUE(parse({"--binarize", "dynamic"}).binary);
  EXPECT_EQ(refusal({"--binarize", "otsu"}),
            "vae_lab: --binarize must be none, threshold or dynamic, but it is otsu");
  EXPECT_EQ(refusal({"--binary", "--binarize", "dynamic"}),
            "vae_lab: --binary is the same as --binarize threshold, but --binarize is dynamic");
  EXPECT_EQ(refusal({"--binary", "--binarize", "none"}),
            "vae_lab: --binary is the same as --binarize threshold, but --binarize is none");
}

TEST(Options, NameTheDrawsOfTheLikelihoodBound) {
  EXPECT_EQ(parse({}).eval_iwae, std::nullopt);
  EXPECT_EQ(parse({"--eval-iwae", "5000"}).eval_iwae, 5000);
  EXPECT_EQ(refusal({"--eval-iwae", "0"}), "vae_lab: --eval-iwae must be at least 1, but it is 0");
  EXPECT_EQ(refusal({"--eval-iwae", "many"}),
            "vae_lab: --eval-iwae must be a 32-bit integer, but it is many");
}

TEST(Options, OfGreyPixelsAreRefusedForDrawnOnes) {
  EXPECT_EQ(refusal({"--loss", "gaussian_nll", "--binarize", "dynamic"}),
            "vae_lab: --loss gaussian_nll requires grey pixels, but --binarize is dynamic");
  EXPECT_EQ(refusal({"--loss", "continuous_bernoulli", "--binarize", "dynamic"}),
            "vae_lab: --loss continuous_bernoulli requires grey pixels, but --binarize is dynamic");
  EXPECT_EQ(parse({"--loss", "sum_squared_error", "--binarize", "dynamic"}).binarize, "dynamic");
}

TEST(Options, ComeFromAFileToo) {
  const Folder folder;
  const std::string file =
      folder.write("flags", "# a comment\nepoch = 3\ndimz = 4\nbinary = true\nlr = 0.5\n");
  const LabOptions o = parse({"--config", file.c_str()});
  EXPECT_EQ(o.epoch, 3);
  EXPECT_EQ(o.dim_z, 4);
  EXPECT_TRUE(o.binary);
  EXPECT_EQ(o.lr, 0.5);
}

TEST(Options, OfTheCommandLineWinOverTheFile) {
  const Folder folder;
  const std::string file = folder.write("flags", "epoch = 3\ndimz = 4\nbatch-size = 5\nseed = 6\n");
  const LabOptions o =
      parse({"--config", file.c_str(), "-e", "30", "--dim-z", "40", "--batchsize", "50"});
  EXPECT_EQ(o.epoch, 30);
  EXPECT_EQ(o.dim_z, 40);
  EXPECT_EQ(o.batch_size, 50);
  EXPECT_EQ(o.seed, 6);
}

TEST(Options, TestMeansTenEpochsUnlessTold) {
  EXPECT_EQ(parse({"--test"}).epoch, 10);
  EXPECT_EQ(parse({"--test", "--epoch", "100"}).epoch, 100);
  const Folder folder;
  const std::string file = folder.write("flags", "epoch = 3\n");
  EXPECT_EQ(parse({"--test", "--config", file.c_str()}).epoch, 3);
}

TEST(Options, AreListedByHelpAndThenNothingElseIsDone) {
  for (const char* flag : {"--help", "-h"}) {
    std::ostringstream out;
    EXPECT_FALSE(parse({flag, "--epoch", "-1"}, out));
    for (const char* name :
         {"-m [ --initmodel ]", "-r [ --resume ]", "-o [ --out ] arg (=results)",
          "-e [ --epoch ] arg (=100)", "-z [ --dim-z ] arg (=20)", "--dim-h arg (=500)",
          "--beta arg (=1)", "-k [ --k ] arg (=1)", "--binary", "-b [ --batch-size ] arg (=100)",
          "--test", "--plot", "latent_space.png", "--data arg (=digits)", "--config"})
      EXPECT_THAT(out.str(), HasSubstr(name));
  }
}

TEST(Options, SayWhatIsWrongWithAFlag) {
  EXPECT_EQ(refusal({"--epochs", "3"}),
            "vae_lab: every flag must be one that --help lists, but --epochs is not; did you mean "
            "--epoch?");
  EXPECT_EQ(refusal({"-q"}), "vae_lab: every flag must be one that --help lists, but -q is not");
  EXPECT_EQ(refusal({"--d", "3"}),
            "vae_lab: an abbreviated flag must match one flag only, but --d matches several");
  EXPECT_EQ(refusal({"mnist"}),
            "vae_lab: every argument must belong to a flag that --help lists, but mnist does not");
  EXPECT_EQ(refusal({"--binary", "1"}),
            "vae_lab: every argument must belong to a flag that --help lists, but 1 does not");
  EXPECT_EQ(refusal({"--epoch"}), "vae_lab: --epoch must have a value, but it has none");
  EXPECT_EQ(refusal({"--epoch="}), "vae_lab: --epoch must have a value, but it has none");
  EXPECT_EQ(refusal({"-m", "--test"}),
            "vae_lab: --initmodel must have a value, but the flag --test follows");
  EXPECT_EQ(refusal({"--binary=1"}), "vae_lab: --binary must have no value, but it has one");
  EXPECT_EQ(refusal({"--epoch", "1", "-e", "2"}),
            "vae_lab: a flag may be given once, but --epoch is given twice");
  EXPECT_EQ(refusal({"--dimz", "3", "--dim-z", "4"}),
            "vae_lab: a flag may be given once, but --dim-z is given twice");
}

TEST(Options, SayWhatIsWrongWithAValue) {
  EXPECT_EQ(refusal({"--epoch", "-1"}), "vae_lab: --epoch must be at least 1, but it is -1");
  EXPECT_EQ(refusal({"--epoch", "x"}), "vae_lab: --epoch must be a 32-bit integer, but it is x");
  EXPECT_EQ(refusal({"--epoch", "99999999999"}),
            "vae_lab: --epoch must be a 32-bit integer, but it is 99999999999");
  EXPECT_EQ(refusal({"--batchsize", "0"}), "vae_lab: --batch-size must be at least 1, but it is 0");
  EXPECT_EQ(refusal({"-z", "1.5"}), "vae_lab: --dim-z must be a 32-bit integer, but it is 1.5");
  EXPECT_EQ(refusal({"--dimz", "-4"}), "vae_lab: --dim-z must be at least 1, but it is -4");
  EXPECT_EQ(refusal({"--dim-h", "0"}), "vae_lab: --dim-h must be at least 1, but it is 0");
  EXPECT_EQ(refusal({"--k", "0"}), "vae_lab: --k must be at least 1, but it is 0");
  EXPECT_EQ(refusal({"--layers", "3"}), "vae_lab: --layers must be 1 or 2, but it is 3");
  EXPECT_EQ(refusal({"--beta", "nan"}),
            "vae_lab: --beta must be a finite number that is not negative, but it is nan");
  EXPECT_EQ(refusal({"--beta", "one"}), "vae_lab: --beta must be a number, but it is one");
  EXPECT_EQ(refusal({"--lr", "0"}), "vae_lab: --lr must be a finite positive number, but it is 0");
  EXPECT_EQ(refusal({"--lr", "inf"}),
            "vae_lab: --lr must be a finite positive number, but it is inf");
  EXPECT_EQ(refusal({"--seed", "-1"}),
            "vae_lab: --seed must be from 0 to 4294967295, but it is -1");
  EXPECT_EQ(refusal({"--seed", "4294967296"}),
            "vae_lab: --seed must be from 0 to 4294967295, but it is 4294967296");
  EXPECT_EQ(refusal({"--threads", "-1"}),
            "vae_lab: --threads must be from 0 to 1024, but it is -1");
  EXPECT_EQ(refusal({"--out", ""}), "vae_lab: --out must be the name of a folder, but it is empty");
  EXPECT_EQ(refusal({"--data", ""}),
            "vae_lab: --data must be digits, mnist or the name of a folder, but it is empty");
  EXPECT_EQ(
      refusal({"--loss", "mse"}),
      "vae_lab: --loss must be bernoulli_nll, mean_squared_error, pixels_x_mean_squared_error, "
      "pixels_x_mean_squared_error_over_batch, sum_squared_error, mean_squared_error_255, "
      "gaussian_nll, "
      "gaussian_nll_learned, gaussian_nll_optimal or continuous_bernoulli, but it is mse");
  EXPECT_EQ(refusal({"--rec-weight", "0"}),
            "vae_lab: --rec-weight must be a finite positive number, but it is 0");
  EXPECT_EQ(refusal({"--model", "vae"}),
            "vae_lab: --model must be question or distributions, but it is vae");
  EXPECT_EQ(refusal({"--optimizer", "lbfgs"}),
            "vae_lab: --optimizer must be adam, sgd, momentum_sgd, nesterov_ag, ada_grad, "
            "ada_delta or rmsprop, but it is lbfgs");
  EXPECT_EQ(refusal({"--act", "gelu"}),
            "vae_lab: --act must be tanh, softplus or relu, but it is gelu");
  EXPECT_EQ(refusal({"--init", "he"}), "vae_lab: --init must be lecun or xavier, but it is he");
}

TEST(Options, SayWhatDoesNotGoTogether) {
  EXPECT_EQ(refusal({"--model", "distributions", "--loss", "mean_squared_error"}),
            "vae_lab: --model distributions has a Bernoulli decoder only, but --loss is "
            "mean_squared_error");
  EXPECT_EQ(refusal({"--model", "distributions", "--layers", "2"}),
            "vae_lab: --model distributions has one hidden layer, but --layers is 2");
  EXPECT_EQ(refusal({"--model", "distributions", "--rec-weight", "2"}),
            "vae_lab: --model distributions has no weight of the reconstruction term, but "
            "--rec-weight is 2");
  EXPECT_EQ(refusal({"--model", "distributions", "--act", "relu"}),
            "vae_lab: --model distributions has the activation tanh, but --act is relu");
  EXPECT_EQ(refusal({"--optimizer", "ada_delta", "--lr", "1"}),
            "vae_lab: ada_delta has no learning rate, but --lr is given");
}

TEST(Options, SayWhatIsWrongWithTheFile) {
  const Folder folder;
  const auto of_file = [&](const std::string& text) {
    return refusal({"--config", folder.write("flags", text).c_str()});
  };
  const std::string file = folder / "flags", missing = folder / "missing", itself = folder / "";
  EXPECT_EQ(refusal({"--config", missing.c_str()}),
            "vae_lab: --config must name a readable file, but " + missing +
                " is not one (vae_lab: " + missing +
                " must be readable, but: No such file or directory)");
  EXPECT_EQ(refusal({"--config", itself.c_str()}),
            "vae_lab: --config must name a readable file, but " + itself +
                " is not one (vae_lab: " + itself + " must be readable, but: Is a directory)");
  EXPECT_EQ(of_file("epochs = 3\n"),
            "vae_lab: every flag must be one that --help lists, but epochs is not; did you mean "
            "--epoch?");
  EXPECT_EQ(of_file("stray = 3\n"),
            "vae_lab: every flag must be one that --help lists, but stray is not");
  EXPECT_EQ(of_file("epoch 3\n"),
            "vae_lab: every line of " + file + " must be `flag = value`, but one is epoch 3");
  EXPECT_EQ(of_file("epoch = x\n"), "vae_lab: --epoch must be a 32-bit integer, but it is x");
  EXPECT_EQ(of_file("epoch =\n"), "vae_lab: --epoch must be a 32-bit integer, but it is empty");
  EXPECT_EQ(of_file("binary = maybe\n"),
            "vae_lab: --binary must be true or false, but it is maybe");
  EXPECT_EQ(of_file("dimz = 3\ndim-z = 4\n"),
            "vae_lab: a flag may be given once, but --dim-z is given twice");
  EXPECT_EQ(of_file("config = other\n"),
            "vae_lab: config must not be in a --config file, but it is in " + file);
}

}  // namespace
}  // namespace vae::lab
