#include "examples/cifar_vae/options.h"

#include "examples/flags/flags.h"

namespace cifar_vae {
namespace {

namespace po = flags::po;

po::options_description description(CifarVaeOptions& o) {
  po::options_description all = flags::describe(
      "Trains the convolutional variational autoencoder of VAE-CIFAR10_chainer. The settings of "
      "that notebook are --ch 512 --batch-size 1000 --epoch 500. Flags");
  auto flag = all.add_options();
  flag("help,h", "show this help");
  flag("data", po::value(&o.data),
       "the data set: a folder with data_batch_1.bin, ... and test_batch.bin; the file "
       "cifar-10-binary.tar.gz; cifar10 (downloaded); or generated (colours and shapes). Default: "
       "CIFAR-10 if it is in Chainer's cache or can be downloaded, else generated");
  flag("loss", po::value(&o.loss)->default_value(o.loss),
       "the reconstruction term:\n"
       "mean_squared_error_255: F::mean_squared_error(255 * x, 255 * y), as in the notebook\n"
       "mean_squared_error: F::mean_squared_error(x, y)");
  flag("ch", po::value(&o.ch)->default_value(o.ch),
       "channels of the widest layer, a multiple of 8");
  flag("dim-z,z", po::value(&o.dim_z)->default_value(o.dim_z), "dimension of encoded vector");
  flag("epoch,e", po::value(&o.epoch)->default_value(o.epoch), "number of epochs to learn");
  flag("batch-size,b", po::value(&o.batch_size)->default_value(o.batch_size),
       "learning minibatch size");
  flag("beta", po::value(&o.beta)->default_value(o.beta), "weight of the KL term");
  flag("k,k", po::value(&o.k)->default_value(o.k), "number of samples of z for each image");
  flag("snapshot-interval", po::value(&o.snapshot_interval)->default_value(o.snapshot_interval),
       "iterations between two snapshots of encoder and decoder");
  flags::add_flags(all, o);
  return all;
}

}  // namespace

double brightness(const CifarVaeOptions& options) {
  return options.loss == "mean_squared_error_255" ? 255 : 1;
}

std::optional<CifarVaeOptions> parse_options(int argc, const char* const* argv, std::ostream& out) {
  const flags::CommandLine line("train_cifar_vae");
  CifarVaeOptions o;
  const auto values = line.read(argc, argv, description(o), out,
                                "The results are log, loss.png, model.npz, snapshots of encoder "
                                "and decoder, and pictures in the folder --out.");
  if (!values) return {};
  if (o.test && (*values)["epoch"].defaulted()) o.epoch = CifarVaeOptions::kTestEpochs;
  line.require_one_of("loss", o.loss, {"mean_squared_error_255", "mean_squared_error"});
  line.require(o.ch >= 8 && o.ch % 8 == 0, "ch", "a positive multiple of 8", o.ch);
  line.require(o.dim_z >= 1, "dim-z", "at least 1", o.dim_z);
  line.require(o.epoch >= 1, "epoch", "at least 1", o.epoch);
  line.require(o.batch_size >= 1, "batch-size", "at least 1", o.batch_size);
  line.require(o.k >= 1, "k", "at least 1", o.k);
  line.require(o.snapshot_interval >= 1, "snapshot-interval", "at least 1", o.snapshot_interval);
  line.require(o.beta >= 0 && o.beta < 1e30, "beta", "a finite number that is not negative",
               o.beta);
  line.require_sound(o);
  return o;
}

}  // namespace cifar_vae
