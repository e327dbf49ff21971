"""Your own CSV file to a fitted pipeline: who reaches the boat? Numbers, categories, unequal classes.

The passengers are made up by the script, by a rule with chance in it; give --csv for a file of yours.

python examples/titanic_like_csv.py --out results
python examples/titanic_like_csv.py --csv mine.csv --target bought
"""

import argparse
import csv
from pathlib import Path

import matplotlib as mpl
import numpy as np
from sklearn.inspection import permutation_importance
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from micrograd.datasets import read_csv
from micrograd.nn.estimators import MLPClassifier

HEADER = ("age", "fare", "cabin", "ticket", "company", "survived")


def arguments(argv=None):
    """What to do, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--csv", type=Path, help="a file of yours, with a header (unless given, passengers)")
    parser.add_argument("--target", default="survived", help="the column to predict (survived)")
    parser.add_argument("--passengers", type=int, default=900, help="how many to make up (900)")
    parser.add_argument("--epochs", type=int, default=200, help="passes over the data at most (200)")
    parser.add_argument("--seed", type=int, default=0, help="decides passengers, split and weights (0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if args.passengers < 50 or args.epochs < 1:
        parser.error("--passengers must be at least 50, --epochs at least 1")
    return args


def write_passengers(path, count, seed):
    """A file of passengers: cabins near the boats, young age and company help, and luck decides the rest."""
    rng = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for _ in range(count):
            ticket = int(rng.choice([1, 2, 3], p=[0.2, 0.25, 0.55]))
            cabin = str(
                rng.choice(["upper", "middle", "lower"], p=[[0.8, 0.2, 0], [0.3, 0.5, 0.2], [0, 0.3, 0.7]][ticket - 1])
            )
            age, company = int(rng.gamma(6.0, 5.5)), str(rng.choice(["alone", "family", "crew"], p=[0.5, 0.35, 0.15]))
            fare = round(float(rng.lognormal([4.3, 3.0, 2.3][ticket - 1], 0.4)), 2)
            odds = {"upper": 1.2, "middle": -0.2, "lower": -1.5}[cabin] + (1.5 if age < 15 else 0.0)
            odds += {"alone": -0.4, "family": 0.6, "crew": -0.8}[company]
            survived = "yes" if rng.random() < 1 / (1 + np.exp(-2.0 * odds)) else "no"
            writer.writerow([age, fare, cabin, f"class {ticket}", company, survived])


def learn(data, args):
    """The pipeline, fitted on four fifths, and the fifth that it hasn't seen."""
    parts = train_test_split(data.X, data.y, test_size=0.2, stratify=data.y, random_state=args.seed)
    X_train, X_test, y_train, y_test = parts
    net = MLPClassifier(
        (32, 16),
        dropout=0.2,
        batch_norm=True,
        class_weight="balanced",
        learning_rate_init=0.01,
        early_stopping=True,
        validation_fraction=0.2,
        max_iter=args.epochs,
        n_iter_no_change=20,
        random_state=args.seed,
        verbose=True,
    )
    return make_pipeline(StandardScaler(), net).fit(X_train, y_train), X_test, y_test


def draw(pipeline, names, importances, path):
    """How the training went, and how much each column matters."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    net = pipeline[-1]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(net.loss_curve_, color="#0072B2", label="training")
    left.plot(net.validation_loss_curve_, color="#D55E00", linestyle="--", label="validation")
    left.set(xlabel="epoch", ylabel="mean loss", title="training")
    left.legend(frameon=False)
    order = np.argsort(importances)
    right.barh([names[place] for place in order], importances[order], color="#009E73")
    right.set(xlabel="accuracy lost when the column is shuffled", title="what matters")
    figure.savefig(path, dpi=150)


def main(argv=None):
    """Write the file, learn from it, say how well, and draw what matters."""
    args = arguments(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.csv or args.out / "passengers.csv"
    if args.csv is None:
        write_passengers(path, args.passengers, args.seed)
    data = read_csv(path, target=args.target)
    print(data)
    pipeline, X_test, y_test = learn(data, args)
    majority = np.bincount(y_test).max() / len(y_test)
    score = pipeline.score(X_test, y_test)
    print(f"{score:.1%} of {len(y_test)} held-out samples are predicted right; always the same answer: {majority:.1%}")
    shuffled = permutation_importance(pipeline, X_test, y_test, n_repeats=10, random_state=args.seed)
    draw(pipeline, data.feature_names, shuffled.importances_mean, args.out / "passengers.png")
    print(f"picture: {args.out / 'passengers.png'}")


if __name__ == "__main__":
    main()
